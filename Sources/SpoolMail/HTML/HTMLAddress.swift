/// An address in HTML, of a link or a picture, and why it does not work in mail.
///
/// A message has no place that relative addresses could begin at, and its reader is on another machine.
package struct HTMLAddress: Hashable, Sendable {
    /// Why it does not work.
    package enum Fault: Hashable, Sendable, CaseIterable {
        /// It would have to be completed by that of a page.
        case relative
        /// `www.example.org`
        case noScheme
        /// `anna@example.org` without `mailto:`.
        case mailbox
        /// A file of the machine where the message was written.
        case file
        /// The reader's own machine.
        case localhost
    }

    /// As it is written, without blanks around it; what is filled for each recipient is an ellipsis.
    package let text: String
    package let fault: Fault

    /// `nil` for an address that is empty, leads to a place in the message, or may work.
    init?(_ bytes: some Sequence<UInt8>) {
        let address = bytes.filter { !HTMLScanner.isSpace($0) }
        guard let first = address.first, first != 0x23, first != 0xFF else { return nil }
        guard let fault = HTMLAddress.fault(address) else { return nil }
        self.fault = fault
        var shown: [UInt8] = []
        for part in address.split(separator: 0xFE, omittingEmptySubsequences: false) {
            shown += part.prefix { $0 != 0xFF }
            if part.contains(0xFF) { shown += "…".utf8 }
        }
        text = String(decoding: shown, as: UTF8.self)
    }

    private static func fault(_ address: [UInt8]) -> Fault? {
        guard let scheme = scheme(address) else {
            if address.starts(with: #"\\"#.utf8) { return .file }
            if address.prefix(4).map(ASCII.lowercased).starts(with: "www.".utf8) { return .noScheme }
            return address.contains(0x40) && !address.contains(0x2F) ? .mailbox : .relative
        }
        switch scheme {
        case "http", "https": return isLocal(host(address)) ? .localhost : nil
        case "file": return .file
        case "localhost": return .localhost
        // `C:\picture.png`, and `example.org:8080`.
        default: return scheme.utf8.count == 1 ? .file : scheme.contains(".") ? .noScheme : nil
        }
    }

    static func scheme(_ address: [UInt8]) -> String? {
        let name = address.prefix {
            ASCII.isLetterOrDigit($0) || $0 == 0x2B || $0 == 0x2D || $0 == 0x2E
        }
        guard let first = name.first, !ASCII.isDigit(first), name.endIndex < address.endIndex,
            address[name.endIndex] == 0x3A
        else { return nil }
        return String(decoding: name.map(ASCII.lowercased), as: UTF8.self)
    }

    private static func host(_ address: [UInt8]) -> String {
        guard let colon = address.firstIndex(of: 0x3A) else { return "" }
        let authority = address[(colon + 1)...].drop { $0 == 0x2F }.prefix { !"/?#".utf8.contains($0) }
        let host = authority.lastIndex(of: 0x40).map { authority[($0 + 1)...] } ?? authority
        let name = host.first == 0x5B ? host.prefix { $0 != 0x5D } : host.prefix { $0 != 0x3A }
        return String(decoding: name.map(ASCII.lowercased), as: UTF8.self)
    }

    private static func isLocal(_ host: String) -> Bool {
        host == "localhost" || host.hasSuffix(".localhost") || host == "0.0.0.0" || host == "[::1"
            || host.hasPrefix("127.") && host.utf8.allSatisfy { ASCII.isDigit($0) || $0 == 0x2E }
    }
}
