extension Template {
    /// Appends the text with the values of one recipient to a buffer.
    ///
    /// `value` gives a variable's value; `nil` and an empty text both count as missing.
    ///
    /// - Parameter limit: where the buffer comes to more bytes, it is broken off there; nobody wants what is in it then.
    func render(
        escaping: Escaping, into output: inout [UInt8], limit: Int = .max, value: (VariableName) -> String?
    ) throws(MissingValue) {
        for part in parts {
            switch part {
            case .literal(let bytes): output.append(contentsOf: bytes)
            case .output(let place):
                try place.render(escaping: escaping, into: &output, limit: limit, value: value)
            }
            if output.count > limit { return }
        }
    }

    /// The text with the values of one recipient.
    package func rendered(
        escaping: Escaping = .none, value: (VariableName) -> String?
    ) throws(MissingValue) -> String {
        var output: [UInt8] = []
        try render(escaping: escaping, into: &output, value: value)
        return String(decoding: output, as: UTF8.self)
    }

    /// How many bytes the text has for one recipient: the sum of its parts, each made by itself and dropped again.
    ///
    /// - Parameter limit: where there are more, nobody asks how many.
    func count(
        escaping: Escaping, limit: Int, value: (VariableName) -> String?
    ) throws(MissingValue) -> Int {
        var total = 0
        var bytes: [UInt8] = []
        for part in parts {
            switch part {
            case .literal(let literal): total += literal.count
            case .output(let place):
                bytes.removeAll(keepingCapacity: true)
                try place.render(escaping: escaping, into: &bytes, limit: limit - total, value: value)
                total += bytes.count
            }
            if total > limit { return total }
        }
        return total
    }

    /// What bounds the length of the text, whoever it is for.
    var bound: LengthBound {
        parts.reduce(into: LengthBound()) { bound, part in
            switch part {
            case .literal(let bytes): bound.literal += bytes.count
            case .output(let place): place.add(to: &bound)
            }
        }
    }

    /// What bounds the length of a text by that of the longest value in it.
    struct LengthBound: Sendable {
        /// The bytes of its own.
        fileprivate(set) var literal = 0
        /// How many bytes each byte of the longest value may become, in all places together.
        fileprivate(set) var growth = 0
        /// The longest text that may stand in for a value.
        fileprivate(set) var longestOwn = 0

        /// How many bytes the text has at most if no value has more than this.
        func most(longestValue: Int) -> Int {
            let (values, isOver) = max(longestValue, longestOwn).multipliedReportingOverflow(by: growth)
            let (sum, isOverAll) = values.addingReportingOverflow(literal)
            return isOver || isOverAll ? .max : sum
        }
    }
}

extension Template.Output {
    func render(
        escaping: Template.Escaping, into output: inout [UInt8], limit: Int = .max,
        value: (VariableName) -> String?
    ) throws(MissingValue) {
        var text: String
        switch subject {
        case .text(let literal): text = literal
        case .variable(let name):
            text = value(name) ?? ""
            if text.isEmpty, !hasDefault { throw MissingValue(name: name) }
        }
        for filter in filters {
            // No filter makes a text shorter that is not empty.
            if text.utf8.count > limit { break }
            switch filter {
            case .standIn(let other): if text.isEmpty { text = other }
            case .urlEncode: text = Template.Output.urlEncoded(text)
            }
        }
        if escaping == .html, !isRaw {
            HTMLEscaping.append(text, to: &output, limit: limit)
        } else {
            output.append(contentsOf: text.utf8)
        }
    }

    fileprivate func add(to bound: inout Template.LengthBound) {
        if case .text(let literal) = subject { bound.longestOwn = max(bound.longestOwn, literal.utf8.count) }
        var growth = HTMLEscaping.mostGrowth
        for filter in filters {
            switch filter {
            case .standIn(let other): bound.longestOwn = max(bound.longestOwn, other.utf8.count)
            // Beyond the longest chain that anybody writes it only has to be large.
            case .urlEncode: growth = min(growth * 3, 1 << 32)
            }
        }
        bound.growth += growth
    }

    private static func urlEncoded(_ text: String) -> String {
        guard !text.utf8.allSatisfy(ASCII.isUnreserved) else { return text }
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if ASCII.isUnreserved(byte) { bytes.append(byte) } else { bytes.appendEscaped(byte, mark: 0x25) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
