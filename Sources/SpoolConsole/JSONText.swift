package import SpoolSchedule

/// JSON as it is written: with its keys in the order of the contract, and `null` for what is not known.
package indirect enum JSONText {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case array([JSONText])
    case object([(String, JSONText)])

    package static func of(_ text: String?) -> JSONText { text.map(JSONText.string) ?? .null }
    package static func of(_ number: Int?) -> JSONText { number.map(JSONText.int) ?? .null }
    package static func of(_ number: Double?) -> JSONText { number.map(JSONText.double) ?? .null }
    package static func of(_ time: Timestamp?) -> JSONText { of(time?.rfc3339) }

    /// The text on one line.
    package var text: String {
        var text = ""
        write(to: &text)
        return text
    }

    private func write(to text: inout String) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .int(let value): text += String(value)
        case .double(let value): text += value.isFinite ? JSONText.number(value) : "null"
        case .string(let value): JSONText.write(value, to: &text)
        case .array(let values):
            text += "["
            for (index, value) in values.enumerated() {
                if index > 0 { text += "," }
                value.write(to: &text)
            }
            text += "]"
        case .object(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { text += "," }
                JSONText.write(member.0, to: &text)
                text += ":"
                member.1.write(to: &text)
            }
            text += "}"
        }
    }

    /// With one digit behind the point: a rate is not known any better.
    private static func number(_ value: Double) -> String {
        let tenths = (value * 10).rounded()
        guard abs(tenths) < 1e15 else { return String(value) }
        return String(tenths / 10)
    }

    private static func write(_ value: String, to text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}

extension Diagnostic {
    /// An element of `errors` and `warnings`.
    package var json: JSONText {
        .object([
            ("key", .of(key)), ("line", .of(line)), ("message", .string(message)), ("hint", .string(hint)),
        ])
    }
}
