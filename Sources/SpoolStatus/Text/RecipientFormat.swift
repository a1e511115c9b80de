internal import SpoolConsole
internal import SpoolMail
internal import SpoolSchedule

/// How a list of recipients is written: a table for people, or lines for the next program.
enum RecipientFormat: Sendable {
    /// Columns of a fixed width, for a terminal.
    case table(TerminalStyle)
    /// Fields parted by tabs, without a header.
    case tabs
    /// RFC 4180: a header row, CR LF.
    case csv
    /// One JSON object a line.
    case json

    /// The names of the columns, `mailing` first where there may be more than one.
    private static func columns(_ withMailing: Bool) -> [String] {
        (withMailing ? ["mailing"] : []) + ["address", "state", "reason", "attempts", "at", "reply"]
    }

    /// What stands above the first row; empty if nothing does.
    func header(withMailing: Bool) -> String {
        switch self {
        case .csv: Self.columns(withMailing).joined(separator: ",") + "\r\n"
        case .table(let style):
            style.paint(
                Self.line(
                    mailing: withMailing ? "MAILING" : nil, state: "STATE", attempts: "TRIED",
                    at: "LAST EVENT", address: "ADDRESS", why: "REASON, REPLY"), .heading) + "\n"
        case .tabs, .json: ""
        }
    }

    /// A row, with its line end.
    func row(_ standing: RecipientRow, of mailing: String?) -> String {
        switch self {
        case .json: json(standing, mailing) + "\n"
        case .csv: fields(standing, mailing).map(Self.quoted).joined(separator: ",") + "\r\n"
        case .tabs: fields(standing, mailing).joined(separator: "\t") + "\n"
        case .table(let style): table(standing, mailing, style)
        }
    }

    /// Control characters stand in no valid address and no reply; where they stand in something else, a blank stands
    /// for each, so that a row is a line and no terminal is steered. Nothing else is changed, and nothing put before
    /// an address that begins with `=` or `+`: that would be another address.
    private func fields(_ standing: RecipientRow, _ mailing: String?) -> [String] {
        (mailing.map { [Reply.clean($0)] } ?? [])
            + [
                Reply.clean(standing.address), standing.state.rawValue, standing.reason ?? "",
                String(standing.attempts), standing.at?.rfc3339 ?? "", Reply.clean(standing.reply ?? ""),
            ]
    }

    private static func quoted(_ field: String) -> String {
        guard field.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C }) else { return field }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }

    private func json(_ standing: RecipientRow, _ mailing: String?) -> String {
        let name = mailing.map { [("mailing", JSONText.string($0))] } ?? []
        return JSONText.object(
            name + [
                ("address", .string(standing.address)), ("state", .string(standing.state.rawValue)),
                ("reason", .of(standing.reason)), ("attempts", .int(standing.attempts)),
                ("at", .of(standing.at)), ("reply", .of(standing.reply)),
            ]
        ).text
    }

    private func table(_ standing: RecipientRow, _ mailing: String?, _ style: TerminalStyle) -> String {
        let why = [standing.reason, standing.reply].compactMap { $0 }.joined(separator: ": ")
        let line = Self.line(
            mailing: mailing, state: standing.state.rawValue, attempts: String(standing.attempts),
            at: standing.at?.rfc3339 ?? "-", address: Reply.clean(standing.address), why: Reply.clean(why))
        let tone: TerminalStyle.Tone? =
            switch standing.state {
            case .failed: .error
            case .deferred, .inDoubt: .warning
            case .skipped: .quiet
            case .waiting, .sending, .sent: nil
            }
        return style.paint(line, tone) + "\n"
    }

    private static func line(
        mailing: String?, state: String, attempts: String, at: String, address: String, why: String
    ) -> String {
        func pad(_ text: String, _ width: Int) -> String { DisplayWidth.pad(text, to: width) + "  " }
        let before = mailing.map { pad(Reply.clean($0), 16) } ?? ""
        let line = before + pad(state, 8) + pad(attempts, 5) + pad(at, 20)
        return why.isEmpty ? line + address : line + pad(address, 32) + why
    }
}
