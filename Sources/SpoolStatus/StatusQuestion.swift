internal import SpoolConsole
internal import SpoolMail
internal import SpoolSchedule
internal import SpoolStatistics
internal import SpoolStore
import SpoolSystem

/// What somebody wants to know of a spool, which can be asked again and again.
struct StatusQuestion {
    let spool: String
    /// The mailings asked for; none means all.
    let names: [FileName]
    let showsAll: Bool
    /// How standard output shows text at this moment.
    let style: TerminalStyle
    private let followed = FollowedDetails()

    /// Reads what the options and the environment say of the spool, the names and the terminal.
    init(_ options: Arguments) {
        spool = SpoolDirectory.path(named: options.namedSpool)
        names = options.rest.map(FileName.init)
        showsAll = options.has("all")
        let hasUTF8 = TerminalStyle.isUTF8(ProcessTable.environment)
        style = TerminalStyle(
            usesColor: options.usesColor && (hasUTF8 || options["color"] == "always"),
            drawsBlocks: StandardStream.output.isTerminal && hasUTF8, hasUTF8: hasUTF8)
    }

    /// The style with the width of the terminal as it is now: a window can be drawn wider.
    var currentStyle: TerminalStyle {
        var current = style
        current.width = StandardStream.output.lineWidth
        return current
    }

    /// Reads the status of the whole spool.
    func askAll() throws(CommandFailure) -> SpoolStatus {
        do throws(SystemError) {
            return try SpoolStatus(spool, at: Timestamp(milliseconds: Clock.wallMilliseconds()))
        } catch {
            throw CommandFailure(opening: error, missing: .noInput)
        }
    }

    /// Reads the status, of the mailings asked for.
    func ask() throws(CommandFailure) -> SpoolStatus {
        try selected(from: askAll())
    }

    private func selected(from all: SpoolStatus) throws(CommandFailure) -> SpoolStatus {
        var status = all
        if !names.isEmpty { try status.select(names) }
        return status
    }

    /// The overview, or the pages of the mailings asked for, in lines.
    func lines(_ style: TerminalStyle) throws(CommandFailure) -> [String] {
        let status = try ask()
        if names.isEmpty { return Overview(status, style: style, showsAll: showsAll).lines }
        let time = HumanTime(now: status.at, zone: status.zone)
        // What is wrong with the spool concerns each mailing.
        var lines = status.attention.flatMap { $0.lines(time, of: status, style: style) }
        for mailing in status.mailings {
            let page = MailingPage(mailing, try details(of: mailing), of: status, style: style)
            if !lines.isEmpty { lines.append("") }
            lines += page.lines
        }
        return lines
    }

    /// Prints the overview, or the pages.
    func show() throws(CommandFailure) -> ExitStatus {
        Output.print(try lines(currentStyle).map { $0 + "\n" }.joined(), as: StatusCommand.name)
    }

    /// What needs a person, a line each; 1 if anything does.
    func attention() throws(CommandFailure) -> ExitStatus {
        let status = try ask()
        let time = HumanTime(now: status.at, zone: status.zone)
        var items = status.attention
        for mailing in status.mailings {
            let isSaid = mailing.unsettled == mailing.heldAtFirstSight(holdsInDoubt: status.holdsInDoubt)
            let known = isSaid ? MailingDetails() : try details(of: mailing)
            items += status.attention(
                about: mailing, held: mailing.held(holdsInDoubt: status.holdsInDoubt, known))
        }
        if items.isEmpty { return .ok }
        let lines = items.map { item in
            let what = item.text(time, of: status, style: style)
            return style.paint(item.mailing.map { "\(style.show($0)): \(what)" } ?? what, .error) + "\n"
        }
        let printed = Output.print(lines.joined(), as: StatusCommand.name)
        return printed == .ok ? .attention : printed
    }

    private func details(of mailing: MailingStatus) throws(CommandFailure) -> MailingDetails {
        guard let journal = mailing.journal else { return MailingDetails() }
        do throws(SystemError) {
            return try followed.details(
                of: journal, in: JournalDirectory(SpoolDirectory(path: spool).journal))
        } catch {
            throw CommandFailure(opening: error, missing: .noInput)
        }
    }

    /// Prints the metrics; the numbers of the spool as a whole are of all its mailings, whichever were asked for.
    func metrics() throws(CommandFailure) -> ExitStatus {
        let status = try askAll()
        let asked = try selected(from: status)
        return Output.print(
            Metrics.text(of: status, asked: names.isEmpty ? nil : asked.mailings), as: StatusCommand.name)
    }
}
