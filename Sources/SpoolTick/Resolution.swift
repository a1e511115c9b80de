internal import SpoolStore
internal import SpoolSystem

/// What a person says of recipients in doubt.
struct Resolution: Equatable {
    let name: FileName
    /// One recipient, or all in doubt.
    let address: String?
    let outcome: RecipientEvent.Resolution

    /// Reads `NAME=sent`, `NAME:ADDRESS=resend` and the like; an address has no colon, and a name may.
    init?(_ text: String) {
        guard let equals = text.lastIndex(of: "=") else { return nil }
        guard let outcome = RecipientEvent.Resolution(rawValue: String(text[text.index(after: equals)...]))
        else {
            return nil
        }
        self.outcome = outcome
        let who = text[..<equals]
        if let colon = who.lastIndex(of: ":"), who[colon...].contains("@") {
            name = FileName(String(who[..<colon]))
            address = String(who[who.index(after: colon)...])
        } else {
            name = FileName(String(who))
            address = nil
        }
        if name.bytes.isEmpty || address?.isEmpty == true { return nil }
    }
}
