internal import SpoolMail

/// A rule of why a message came back: codes or words, what they mean, and one example of it.
struct ReasonRule {
    let name: String
    let meaning: ReturnClass
    /// Enhanced codes; `x` and `*` stand for any number.
    let codes: [String]
    let words: PhraseList
    /// Words that count inside host names and URLs, too.
    let names: PhraseList
    /// A reply that this rule decides. The tests judge it.
    let example: String

    init(
        _ name: String, _ meaning: ReturnClass, codes: [String] = [], words: PhraseList = "",
        names: PhraseList = """

        """,
        example: String
    ) {
        self.name = name
        self.meaning = meaning
        self.codes = codes
        self.words = words
        self.names = names
        self.example = example
    }

    func speaks(of wording: Wording) -> Bool {
        words.occurs(in: wording.plain) || names.occurs(in: wording.full)
    }
}
