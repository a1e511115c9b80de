internal import SpoolConsole
internal import SpoolSchedule

/// Markup: what is written in the program stands as it is, and text from outside is escaped when it is put in.
struct HTML: ExpressibleByStringInterpolation, Sendable {
    private(set) var text: String

    init(stringLiteral text: String) { self.text = text }

    init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

    /// Puts values into markup.
    struct Interpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

        mutating func appendLiteral(_ literal: String) { text += literal }
        mutating func appendInterpolation(_ markup: HTML) { text += markup.text }
        mutating func appendInterpolation(_ text: String) { self.text += SafeText.html(text) }
        mutating func appendInterpolation(_ number: Int) { text += String(number) }
        /// A coordinate, with at most two digits behind the point.
        mutating func appendInterpolation(_ coordinate: Double) {
            let hundredths = Int((coordinate * 100).rounded())
            text += hundredths % 100 == 0 ? String(hundredths / 100) : String(Double(hundredths) / 100)
        }
    }

    /// Text of the program's own making, such as a path's coordinates.
    init(markup: String) { text = markup }

    static func + (left: HTML, right: HTML) -> HTML { HTML(markup: left.text + right.text) }

    static func += (left: inout HTML, right: HTML) { left.text += right.text }
}

extension Sequence<HTML> {
    /// All of them, one after another.
    func joined() -> HTML { reduce(into: "") { $0 += $1 } }
}

extension HTML {
    /// A number as people read it, with its exact value for programs.
    static func number(_ number: Int) -> HTML {
        "<data value=\"\(number)\">\(HumanNumber.text(number))</data>"
    }
}

extension HumanTime {
    /// A moment as people read it, with its exact value for programs.
    func element(_ time: Timestamp) -> HTML {
        "<time datetime=\"\(time.rfc3339)\" title=\"\(exactWithWeekday(time))\">\(date(time))</time>"
    }
}
