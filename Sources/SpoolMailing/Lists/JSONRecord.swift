internal import SpoolText

/// A recipient as JSON has it, inline or on a line of its own: a mailbox string, or an object of plain values.
enum JSONRecord {
    /// Takes apart the value at the scanner's position and steps over it.
    ///
    /// The names of the previous record are kept if they are the same again, as they are in most lists.
    static func parse(_ scanner: inout JSONScanner, into record: inout RecipientRecord)
        throws(RecordMistake)
    {
        record.clear()
        do throws(SourceError) {
            scanner.skipSpace()
            switch try scanner.kind() {
            case .string:
                let token = try scanner.string()
                record.append { scanner.append(token, to: &$0) }
                record.endField()
                record.names = .addressAlone
                return
            case .object:
                break
            case let other:
                throw SourceError(
                    offset: scanner.position, reason: "\(other.name) stands where a recipient should",
                    hint: other == .array
                        ? "write one recipient a line; a JSON array is converted by: jq -c '.[]' OLD > NEW"
                        : "write a mailbox in double quotes, or an object with the key address")
            }
            let keys = try fields(&scanner, into: &record)
            try name(keys, scanner, &record)
        } catch {
            throw RecordMistake(reason: "cannot be read: " + error.reason, hint: error.hint)
        }
    }

    private static func fields(
        _ scanner: inout JSONScanner, into record: inout RecipientRecord
    ) throws(SourceError) -> [JSONScanner.StringToken] {
        var keys: [JSONScanner.StringToken] = []
        keys.reserveCapacity(record.names.names.count)
        scanner.step()
        scanner.skipSpace()
        if scanner.current == UInt8(ascii: "}") {
            scanner.step()
            return keys
        }
        while true {
            guard scanner.current == UInt8(ascii: "\"") else {
                throw scanner.unexpected(expecting: "a key in double quotes")
            }
            let key = try scanner.string()
            keys.append(key)
            scanner.skipSpace()
            guard scanner.current == UInt8(ascii: ":") else { throw scanner.unexpected(expecting: "a colon") }
            scanner.step()
            scanner.skipSpace()
            try value(of: key, &scanner, into: &record)
            record.endField()
            scanner.skipSpace()
            let separator = scanner.current
            guard separator == UInt8(ascii: ",") || separator == UInt8(ascii: "}") else {
                throw scanner.unexpected(expecting: "a comma or }")
            }
            scanner.step()
            if separator == UInt8(ascii: "}") { return keys }
            scanner.skipSpace()
        }
    }

    /// Appends a value; numbers stay as they were written, and `null` is a missing one, like an empty text.
    private static func value(
        of key: JSONScanner.StringToken, _ scanner: inout JSONScanner, into record: inout RecipientRecord
    ) throws(SourceError) {
        switch try scanner.kind() {
        case .string:
            let token = try scanner.string()
            record.append { scanner.append(token, to: &$0) }
        case .number:
            record.append(scanner.bytes[try scanner.number()])
        case .boolean:
            let word: StaticString = try scanner.boolean() ? "true" : "false"
            record.append { output in word.withUTF8Buffer { output.append(contentsOf: $0) } }
        case .null:
            try scanner.skipScalar(.null)
        case .array, .object:
            throw SourceError(
                offset: scanner.position,
                reason: "the field \(scanner.value(key).quoted) is not a plain value",
                hint: "fields are strings, numbers, true or false; give each value a field of its own")
        }
    }

    /// Gives the record its names: those it has already if they fit, else new ones.
    private static func name(
        _ keys: [JSONScanner.StringToken], _ scanner: JSONScanner, _ record: inout RecipientRecord
    ) throws(SourceError) {
        let known = record.names.names
        let fits =
            known.count == keys.count && record.names !== FieldNames.addressAlone
            && zip(known, keys).allSatisfy { name, key in
                !key.hasEscapes && name.utf8.elementsEqual(scanner.bytes[key.content])
            }
        if fits { return }
        let names = keys.map(scanner.value)
        if let twice = duplicate(in: names) {
            throw SourceError(
                offset: scanner.position, reason: "the field \(twice.quoted) appears twice",
                hint: "remove one of the two")
        }
        guard let address = names.firstIndex(of: "address") else {
            let other = names.first { AddressColumn.isAddressName($0) }
            throw SourceError(
                offset: scanner.position, reason: "the field \"address\" is missing",
                hint: other.map { "rename \($0.quoted) to \"address\"" }
                    ?? "every recipient needs one")
        }
        record.names = FieldNames(names, address: address, name: names.firstIndex(of: "name"))
    }

    private static func duplicate(in names: [String]) -> String? {
        var seen = Set<String>()
        return names.first { !seen.insert($0).inserted }
    }
}
