internal import SpoolMail

/// Why a message came back to its sender, judged from what was said of one recipient.
struct Reason {
    let meaning: ReturnClass
    /// The enhanced code that counted, else the first that stands there.
    let code: StatusCode?
    /// The reply code of SMTP in the words.
    let reply: String?
    /// The name of the rule that spoke.
    let rule: String

    /// `status` is the report's own field, `words` what the mail system said, and `context` what stands around it, which
    /// counts only if those say nothing.
    init(status: StatusCode?, words: [UInt8], context: () -> [[UInt8]]) {
        let codes = StatusCode.all(in: words.prefix(4096))
        let (code, spoken) = Reason.rule(by: codes + [status].compactMap { $0 })
        self.code = code ?? codes.first ?? status
        reply = ReplyCode.first(in: words.prefix(4096))
        let isTemporary = self.code?.kind == 4 || code == nil && reply?.first == "4"
        let rule = Reason.rule(
            spoken, isTemporary: isTemporary, wording: Wording(words), context: context)
        meaning = rule.meaning
        self.rule = rule.name
    }

    /// The first code that says something, and the rule that it is in.
    private static func rule(by codes: [StatusCode]) -> (StatusCode?, ReasonRule?) {
        for code in codes {
            if ReasonTable.silentCodes.contains(where: code.matches) { continue }
            let rule = ReasonTable.byCode.first { $0.codes.contains(where: code.matches) }
            if let rule { return (code, rule) }
        }
        return (nil, nil)
    }

    private static func rule(
        _ spoken: ReasonRule?, isTemporary: Bool, wording: Wording, context: () -> [[UInt8]]
    ) -> ReasonRule {
        // Words may take back what a code says of the address, but never make more of it.
        if spoken == nil || spoken?.meaning == .hard,
            let rule = ReasonTable.overriding.first(where: { $0.speaks(of: wording) })
        {
            return rule
        }
        if let spoken, ReasonTable.weak.contains(spoken.name),
            let rule = ReasonTable.addressReasons.first(where: { $0.speaks(of: wording) })
        {
            return rule
        }
        if let spoken { return spoken }
        if isTemporary { return ReasonTable.givenUp }
        if let rule = ReasonTable.byWords.first(where: { $0.speaks(of: wording) }) { return rule }
        for wording in context().lazy.map({ Wording($0) }) {
            if let rule = ReasonTable.overriding.first(where: { $0.speaks(of: wording) }) { return rule }
            if let rule = ReasonTable.byWords.first(where: { $0.speaks(of: wording) }) { return rule }
        }
        return ReasonTable.unclear
    }
}
