// What rendering.sh builds against the release's own object files: renders on one core for a while, in turn with a
// copy of the same bytes, and prints how many a second. See rendering.sh.

import Glibc
import SpoolMail

/// Seconds of the processor, so that other programs on the machine do not count.
func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// How often a second `body` runs; the best of five rounds of `seconds` each.
func perSecond(_ seconds: Double, _ body: (Int) -> Void) -> Double {
    var best = 0.0
    for _ in 0..<5 {
        var count = 0
        let start = processorSeconds()
        var elapsed = 0.0
        repeat {
            for _ in 0..<16 {
                body(count)
                count += 1
            }
            elapsed = processorSeconds() - start
        } while elapsed < seconds
        best = max(best, Double(count) / elapsed)
    }
    return best
}

/// How often a second so many bytes are copied.
func copiesPerSecond(of bytes: [UInt8]) -> Double {
    var target: [UInt8] = []
    target.reserveCapacity(bytes.count)
    return perSecond(0.2) { _ in
        target.removeAll(keepingCapacity: true)
        target.append(contentsOf: bytes)
    }
}

func report(_ what: String, _ count: Double, _ bytes: [UInt8]) {
    let limit = copiesPerSecond(of: bytes)
    print(
        "\(what): \(Int(count)) a second of \(bytes.count) bytes; a mere copy of them \(Int(limit)) a second")
}

/// A letter of about 2 KB in text and HTML together, with umlauts, as most letters have them.
func letter() throws -> MessageDesign {
    let paragraph =
        "vi ses på årsmötet i Folkets hus, där styrelsen berättar om året som gått och nästa vår. "
    let text =
        "Hej {{ firstName | default: \"vän\" }},\n\n"
        + (0..<8).map { "\($0): \(paragraph)\n" }.joined() + "\nDitt nummer är {{ number }}.\n"
    let html =
        "<p>Hej {{ firstName | default: \"vän\" }},</p>\n"
        + (0..<8).map { "<p>\($0): \(paragraph)</p>\n" }.joined() + "<p>Ditt nummer är {{ number }}.</p>\n"
    return try MessageDesign(
        from: Mailbox("Klubben <club@example.org>"), subject: Template("Årsmöte, {{ firstName }}"),
        text: Template(text), html: Template(html),
        listUnsubscribe: ListUnsubscribe(
            url: try Template("https://example.org/leave?a={{ address | url_encode }}"), mailto: nil,
            oneClick: true))
}

/// A template of 100 KB with 50 places to fill.
func largeTemplate() throws -> Template {
    let stretch = String(repeating: "Lorem ipsum dolor sit amet, consetetur. ", count: 51).prefix(2000)
    return try Template((0..<50).map { "\(stretch){{ field\($0) | default: \"nothing\" }}\n" }.joined())
}

let design = try letter()
let recipient = try Mailbox("Åsa Berg <asa@example.org>")
var message: [UInt8] = []
let messages = perSecond(1) { number in
    let fields = ["firstName": "Åsa", "number": "\(number)"]
    let rendered = try? design.render(
        to: recipient, messageID: "\(number).abc@example.org", date: "Tue, 24 Nov 2026 19:00:00 +0100"
    ) { fields[$0.text] }
    if let rendered, case .bytes(let bytes)? = rendered.segments.first { message = bytes }
}
report("messages with text and HTML", messages, message)

let template = try largeTemplate()
let values = Dictionary(uniqueKeysWithValues: (0..<50).map { ("field\($0)", "value \($0)") })
var output = ""
let templates = perSecond(1) { _ in
    if let text = try? template.rendered(escaping: .html, value: { values[$0.text] }) { output = text }
}
report("template with 50 variables", templates, Array(output.utf8))

let body = try MessageDesign(from: recipient, subject: Template("x"), text: template, html: nil)
let bodies = perSecond(1) { number in
    let rendered = try? body.render(to: recipient, messageID: "\(number)@example.org", date: "") {
        values[$0.text]
    }
    if let rendered, case .bytes(let bytes)? = rendered.segments.first { message = bytes }
}
report("messages of that template", bodies, message)
