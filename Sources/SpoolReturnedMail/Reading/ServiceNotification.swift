internal import SpoolMail

/// What Amazon SES says of a message in JSON, by mail from SNS. Mail programs break its lines anywhere, so that it is
/// read as marks and strings, without its grammar.
struct ServiceNotification {
    private(set) var type = ""
    private(set) var reports: [RecipientReport] = []

    /// Nothing if the text does not begin with such a notification.
    init?(_ text: [UInt8]) {
        guard let start = text.firstIndex(where: { $0 > ASCII.space }), text[start] == 0x7B else {
            return nil
        }
        read(text[start...].filter { $0 >= ASCII.space })
        guard ["Bounce", "Complaint", "Delivery"].contains(type) else { return nil }
    }

    private mutating func read(_ text: [UInt8]) {
        var key = ""
        var object = RecipientReport(address: "")
        var index = 0
        while index < text.count {
            let byte = text[index]
            index += 1
            switch byte {
            case 0x7B: object = RecipientReport(address: "")
            case 0x7D:
                add(object)
                object = RecipientReport(address: "")
            case 0x22:
                let word = ServiceNotification.string(text, from: &index)
                if index < text.count, text[index] == 0x3A {
                    key = word
                } else {
                    take(key, word, into: &object)
                }
            default: break
            }
        }
    }

    private mutating func take(_ key: String, _ value: String, into object: inout RecipientReport) {
        switch key {
        case "notificationType", "eventType": if type.isEmpty { type = value }
        case "emailAddress", "recipients":
            add(object)
            object.address = AddressSearch.first(in: Array(value.utf8)) ?? ""
        case "status": object.status = StatusCode(value)
        case "action": object.action = DeliveryAction(rawValue: value.lowercased()) ?? .failed
        case "diagnosticCode", "smtpResponse": object.words = Array(value.utf8)
        default: break
        }
    }

    private mutating func add(_ report: RecipientReport) {
        guard !report.address.isEmpty, reports.count < 50,
            !reports.contains(where: { $0.address == report.address })
        else { return }
        reports.append(report)
        if type == "Delivery" { reports[reports.count - 1].action = .delivered }
    }

    /// The string whose first mark has been taken; its end is taken, too.
    private static func string(_ text: [UInt8], from index: inout Int) -> String {
        var word: [UInt8] = []
        while index < text.count, text[index] != 0x22 {
            if text[index] == 0x5C, index + 1 < text.count { index += 1 }
            word.append(text[index])
            index += 1
        }
        index += 1
        return String(decoding: word, as: UTF8.self)
    }
}
