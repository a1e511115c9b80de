internal import SpoolMail

/// The part message/delivery-status (RFC 3464, 2): fields of the message, then a group for each recipient.
enum DeliveryStatus {
    /// The groups that name a recipient. Empty lines between them may be missing, and some stand where none belongs.
    static func read(_ body: [UInt8]) -> [RecipientReport] {
        var reports: [RecipientReport] = []
        var group = Group()
        for (name, value) in fields(body) {
            if group.hasEnded(before: name) {
                if let report = group.report { reports.append(report) }
                group = Group()
            }
            group.take(name, value)
        }
        if let report = group.report { reports.append(report) }
        return reports
    }

    /// All fields in order, unfolded; lines that are none are passed over.
    private static func fields(_ body: [UInt8]) -> [(name: String, value: [UInt8])] {
        var fields: [(name: String, value: [UInt8])] = []
        for line in Lines(body[...]) {
            if let first = line.first, ASCII.isBlank(first), !fields.isEmpty {
                let more = Lines.trimmed(line)
                guard !more.isEmpty else { continue }
                fields[fields.count - 1].value.append(ASCII.space)
                fields[fields.count - 1].value.append(contentsOf: more)
            } else if let colon = line.prefix(60).firstIndex(of: 0x3A) {
                let name = String(
                    decoding: Lines.trimmed(line[..<colon]).map(ASCII.lowercased), as: UTF8.self)
                fields.append((name, Array(Lines.trimmed(line[(colon + 1)...]))))
            }
        }
        return fields
    }

    /// The fields of one recipient as they come.
    private struct Group {
        private var final: [UInt8]?
        private var original: [UInt8]?
        private var actual: [UInt8]?
        private var action: String?
        private var status: [UInt8]?
        private var diagnostic: [UInt8]?

        /// A group names each of its recipients once, whatever their order, and ends where that comes again.
        func hasEnded(before name: String) -> Bool {
            switch name {
            case "final-recipient": final != nil
            case "original-recipient": original != nil
            default: false
            }
        }

        mutating func take(_ name: String, _ value: [UInt8]) {
            switch name {
            case "final-recipient": final = value
            case "original-recipient": original = value
            case "x-actual-recipient": actual = value
            case "action" where action == nil:
                action = String(decoding: value.prefix { ASCII.isLetterOrDigit($0) }, as: UTF8.self)
                    .lowercased()
            case "status" where status == nil: status = value
            case "diagnostic-code" where diagnostic == nil || diagnostic == []: diagnostic = value
            default: break
            }
        }

        var report: RecipientReport? {
            let address = [final, original, actual].lazy.compactMap { $0.flatMap(Group.address) }.first
            guard let address else { return nil }
            var report = RecipientReport(address: address)
            report.action = action.flatMap(DeliveryAction.init(field:)) ?? .failed
            report.status = status.flatMap { StatusCode(String(decoding: $0.prefix(40), as: UTF8.self)) }
            report.words = Group.withoutType(diagnostic ?? [])
            report.statusField = status ?? []
            return report
        }

        /// The address behind `rfc822;`. A route before it, as in `@relay.example:bo@host`, means that a mail system
        /// has rewritten it; such a one is passed over.
        private static func address(_ value: [UInt8]) -> String? {
            let text = withoutType(value)
            guard text.first != 0x40, text.first != 0x7C else { return nil }
            return AddressSearch.first(in: text)
        }

        private static func withoutType(_ value: [UInt8]) -> [UInt8] {
            guard let semicolon = value.prefix(30).firstIndex(of: 0x3B), !value[..<semicolon].contains(0x40)
            else {
                return value
            }
            return Array(Lines.trimmed(value[(semicolon + 1)...]))
        }
    }
}
