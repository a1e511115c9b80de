@testable import SpoolMail
import Testing

/// What is taken for a place to fill of another mailer, and what is ordinary text.
@Suite struct ForeignPlaceholderTests {
    private func found(_ text: String, isHTML: Bool = false) throws -> [String] {
        ForeignPlaceholders(in: try Template(text), isHTML: isHTML, fields: ["address", "Ort", "Member No"])
            .found
    }

    @Test(arguments: [
        ("Dear *|FNAME|*", "*|FNAME|*"), ("%%name%%!", "%%name%%"), ("%%First Name%%", "%%First Name%%"),
        ("%%=v(@x)=%%", "%%=v(@x)=%%"), ("Hi %recipient.name%", "%recipient.name%"),
        ("%FIRSTNAME%,", "%FIRSTNAME%"),
        ("[[name]]", "[[name]]"), ("[[FIRSTNAME OR \"you\"]]", "[[FIRSTNAME OR \"you\"]]"),
        ("<<First Name>>", "<<First Name>>"),
        ("${name}", "${name}"), ("#{name}", "#{name}"), ("{$name}", "{$name}"),
        ("{!firstname}", "{!firstname}"),
        ("Dear {first_name},", "{first_name}"), ("\u{201C}{name}\u{201D}", "{name}"),
        ("Dear\u{A0}{name}", "{name}"),
        ("{First Name}", "{First Name}"), ("{ name }", "{ name }"), ("@@name@@", "@@name@@"),
        ("##name##", "##name##"),
        ("[First Name]", "[First Name]"), ("[member-no]", "[member-no]"), ("<name>", "<name>"),
        ("«ort»", "«ort»"),
        ("$name$", "$name$"), ("#NAME#", "#NAME#"), ("-name-", "-name-"), ("@name@", "@name@"),
        ("https://x.org/%7B%7Bname%7d%7d", "%7B%7Bname%7d%7d"), ("{ {name} }", "{name}"),
        ("[%name%]", "%name%"), ("[[ name ]]", "[[ name ]]"), ("<< First Name >>", "<< First Name >>"),
        ("%% name %%", "%% name %%"), ("${ name }", "${ name }"),
        ("[subscriber:firstname]", "[subscriber:firstname]"), ("<contact.email>", "<contact.email>"),
    ])
    func `a placeholder of another program is found`(text: String, placeholder: String) throws {
        #expect(try found(text) == [placeholder])
    }

    @Test(arguments: [
        "Only $5, or $5 and $6", "50%% off", "100%% wool, 50%%", "50%off%", "100% of 20% and 30%",
        "{color:red}",
        "f(x){return}", "a[[i]]", "x[[\"a\"]]", "[[ -f x ]]", "[[1, 2]]", "[1] [see below] [Lund]", "<b>",
        "a < b > c",
        "1 << 2 >> 3", "cat <<EOF >>file", "«Anna» sagte « name » ", "e-mail-address", "well-name-d",
        "#club #news",
        "a@name@b", "{}", "{1}", "{x}", "{siehe unten}", "\\begin{document}",
        "https://x.org/?a=%20text%2F&b=%C3%A5b%20",
        "[[ Lund ]] << back >> ## name ## <see.also> [note: this]", "{{ name }} {{ '{{ name }}' }}", "%d%s%",
        "-- name --", "*bold* |x|", "@media{a}",
        "Dear {{ name }}", "100 $ name $",
    ])
    func `ordinary text is not taken for one`(text: String) throws {
        #expect(try found(text) == [])
    }

    @Test(
        arguments: [
            ("<p>{<b>{ name }</b>}</p>", ["{{ name }}"]), ("&#123;&#123; name }}", ["{{ name }}"]),
            ("<<name>>", ["<<name>>"]), ("&lt;&lt;name&gt;&gt;", ["<<name>>"]),
            ("<p>Dear&nbsp;[[name]]</p>", ["[[name]]"]),
            ("<a href='*|UNSUB|*'>x</a>", ["*|UNSUB|*"]),
            ("<img alt='{name}' src='https://x.org/%7B%7B a %7D%7D'>", ["{name}", "%7B%7B a %7D%7D"]),
            ("{<br>{name}}", ["{name}"]),
            ("<p>*|A|* *|B|* *|C|* *|A|* *|D|* *|E|* *|F|*", ["*|A|*", "*|B|*", "*|C|*", "*|D|*", "*|E|*"]),
            (
                "<style>a{color}</style><script>${x}</script><!-- *|A|* --><code>{name}</code><pre>[[name]]</pre>",
                []
            ),
            ("<p class='{name}' style='{color}'>[x]</p>", []), ("{<p>{ name }</p>}", ["{ name }"]),
            ("<p>{</p>{{ name }}<p>}</p>", []),
        ] as [(String, [String])])
    func `in HTML it is found where it is read, across the tags that tear it apart`(
        html: String, expected: [String]
    ) throws {
        #expect(try found(html, isHTML: true) == expected)
    }
}
