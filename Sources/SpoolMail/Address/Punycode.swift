/// RFC 3492: a label beyond ASCII written with letters, digits and hyphens.
enum Punycode {
    private static let base = 36
    private static let tMin = 1
    private static let tMax = 26

    /// The label without the `xn--`; `nil` if it is so long that the arithmetic would overflow.
    static func encode(_ scalars: [Unicode.Scalar]) -> String? {
        // No label of over 63 scalars can end within 63 bytes, and so the sums below stay small.
        guard scalars.count <= 63 else { return nil }
        var output = scalars.filter(\.isASCII).map { UInt8($0.value) }
        let basicCount = output.count
        if basicCount > 0 { output.append(0x2D) }

        var threshold = 128
        var delta = 0
        var bias = 72
        var handled = basicCount
        while handled < scalars.count {
            let next = scalars.lazy.map { Int($0.value) }.filter { $0 >= threshold }.min() ?? threshold
            delta += (next - threshold) * (handled + 1)
            threshold = next
            for scalar in scalars {
                if scalar.value < threshold { delta += 1 }
                guard scalar.value == threshold else { continue }
                appendInteger(delta, bias: bias, to: &output)
                bias = adapted(delta, points: handled + 1, first: handled == basicCount)
                delta = 0
                handled += 1
            }
            delta += 1
            threshold += 1
        }
        return String(decoding: output, as: UTF8.self)
    }

    private static func appendInteger(_ value: Int, bias: Int, to output: inout [UInt8]) {
        var rest = value
        var weight = base
        while true {
            let limit = min(max(weight - bias, tMin), tMax)
            if rest < limit { break }
            output.append(digit(limit + (rest - limit) % (base - limit)))
            rest = (rest - limit) / (base - limit)
            weight += base
        }
        output.append(digit(rest))
    }

    private static func adapted(_ delta: Int, points: Int, first: Bool) -> Int {
        var delta = first ? delta / 700 : delta / 2
        delta += delta / points
        var steps = 0
        while delta > (base - tMin) * tMax / 2 {
            delta /= base - tMin
            steps += base
        }
        return steps + (base - tMin + 1) * delta / (delta + 38)
    }

    private static func digit(_ value: Int) -> UInt8 {
        UInt8(value < 26 ? 0x61 + value : 0x30 + value - 26)
    }
}
