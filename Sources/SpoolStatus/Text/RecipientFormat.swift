internal import SpoolConsole
internal import SpoolSchedule
internal import SpoolText

/// How a list of recipients is written: a table for people, or lines for the next program.
enum RecipientFormat: Sendable {
    /// Columns of a fixed width, for a terminal.
    case table(TerminalStyle)
    /// Fields parted by tabs, without a header.
    case tabs
    /// RFC 4180: a header row, CR LF; for a person to look at, or for a program.
    case csv(isForTerminal: Bool)
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
    func row(_ row: RecipientRow, of mailing: String?) -> String {
        switch self {
        case .json: json(row, mailing) + "\n"
        case .csv(isForTerminal: true):
            fields(row, mailing).map { Self.quoted(PlainText.clean($0)) }.joined(separator: ",") + "\r\n"
        case .csv: fields(row, mailing).map(Self.quoted).joined(separator: ",") + "\r\n"
        case .tabs: fields(row, mailing).joined(separator: "\t") + "\n"
        case .table(let style): table(row, mailing, style)
        }
    }

    /// Control characters stand in no valid address and no reply; where they stand in something else, a blank stands
    /// for each, so that a row is a line and no terminal is steered. Nothing else is changed, and nothing put before
    /// an address that begins with `=` or `+`: that would be another address.
    private func fields(_ row: RecipientRow, _ mailing: String?) -> [String] {
        (mailing.map { [PlainText.oneLine($0)] } ?? [])
            + [
                PlainText.oneLine(row.address), row.state.rawValue, row.reason ?? "",
                String(row.attempts), row.at?.rfc3339 ?? "", PlainText.oneLine(row.reply ?? ""),
            ]
    }

    private static func quoted(_ field: String) -> String {
        guard field.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C }) else { return field }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }

    private func json(_ row: RecipientRow, _ mailing: String?) -> String {
        let name = mailing.map { [("mailing", JSONText.string($0))] } ?? []
        return JSONText.object(
            name + [
                ("address", .string(row.address)), ("state", .string(row.state.rawValue)),
                ("reason", .of(row.reason)), ("attempts", .int(row.attempts)),
                ("at", .of(row.at)), ("reply", .of(row.reply)),
            ]
        ).text
    }

    private func table(_ row: RecipientRow, _ mailing: String?, _ style: TerminalStyle) -> String {
        let why = [row.reason, row.reply].compactMap { $0 }.joined(separator: ": ")
        let line = Self.line(
            mailing: mailing, state: row.state.rawValue, attempts: String(row.attempts),
            at: row.at?.rfc3339 ?? "-", address: PlainText.clean(row.address), why: PlainText.clean(why))
        let tone: TerminalStyle.Tone? =
            switch row.state {
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
        let before = mailing.map { pad(PlainText.clean($0), 16) } ?? ""
        let line = before + pad(state, 8) + pad(attempts, 5) + pad(at, 20)
        return why.isEmpty ? line + address : line + pad(address, 32) + why
    }
}
