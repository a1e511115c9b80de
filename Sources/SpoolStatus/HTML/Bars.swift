internal import SpoolConsole
internal import SpoolStore

/// A bar chart that is a table: names, bars and exact numbers in rows, and an axis below the bars.
struct BarTable {
    /// One bar, of one or more parts.
    struct Row {
        let name: HTML
        /// What the name is, for the pointer.
        let says: String
        let parts: [(fill: Fill, count: Int)]
        /// Further columns behind the bar.
        let columns: [HTML]

        var length: Int { parts.reduce(0) { $0 + $1.count } }
    }

    let caption: String
    /// The heading of the names, then those of the columns behind the bars.
    let nameHeading: String
    let headings: [String]
    let rows: [Row]
    /// The last line; empty for none. As many as there are headings and one.
    let sum: [HTML]
    let kind: String

    /// The table.
    var table: HTML {
        let scale = CountScale(upTo: rows.map(\.length).max() ?? 0, intervals: 3)
        let heads = headings.map { HTML("<th role=\"columnheader\" scope=\"col\" class=\"n\">\($0)</th>") }
            .joined()
        var foot: HTML = """
            <tr class="axis" aria-hidden="true"><td></td><td class="bar">\(axis(scale))</td>\
            <td class="n" colspan="\(headings.count)">recipients</td></tr>
            """
        if let first = sum.first {
            let cells = sum.dropFirst().map { HTML("<td role=\"cell\" class=\"n\">\($0)</td>") }.joined()
            foot +=
                "<tr role=\"row\" class=\"sum\"><th role=\"rowheader\" scope=\"row\">\(first)</th><td role=\"cell\"></td>\(cells)</tr>"
        }
        return """
            <table role="table" class="bars" data-kind="\(kind)"><caption>\(caption)</caption>
            <thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">\(nameHeading)</th>\
            <td role="cell"></td>\(heads)</tr></thead>
            <tbody role="rowgroup">\(rows.map { line($0, scale) }.joined())</tbody>
            <tfoot role="rowgroup">\(foot)</tfoot></table>

            """
    }

    private func line(_ row: Row, _ scale: CountScale) -> HTML {
        let cells = row.columns.map { HTML("<td role=\"cell\" class=\"n\">\($0)</td>") }.joined()
        return """
            <tr role="row"><th role="rowheader" scope="row">\(row.name)</th>\
            <td role="cell" class="bar">\(bar(row, scale))</td>\(cells)</tr>

            """
    }

    private func bar(_ row: Row, _ scale: CountScale) -> HTML {
        var x = 0.0
        var parts: HTML = ""
        for (fill, count) in row.parts where count > 0 {
            let width = max(0.4, 100 * scale.share(count))
            parts +=
                "<rect \(fill.attributes) x=\"\(x)%\" y=\"7\" width=\"\(width)%\" height=\"12\" rx=\"1.5\"/>"
            x += width
        }
        return """
            <svg width="100%" height="26" role="img" aria-label="\(row.says)"><title>\(row.says)</title>\
            \(grid(scale, to: 26))\(parts)</svg>
            """
    }

    private func grid(_ scale: CountScale, to height: Int) -> HTML {
        scale.ticks.map { tick -> HTML in
            let x = 100 * scale.share(tick)
            let kind: HTML = tick == 0 ? "base" : "grid"
            return
                "<line class=\"\(kind)\" stroke=\"#99a\" x1=\"\(x)%\" x2=\"\(x)%\" y1=\"0\" y2=\"\(height)\"/>"
        }.joined()
    }

    private func axis(_ scale: CountScale) -> HTML {
        let labels = scale.ticks.map { tick -> HTML in
            let anchor: HTML = tick == 0 ? "start" : "middle"
            return """
                <text x="\(100 * scale.share(tick))%" y="18" text-anchor="\(anchor)">\(CountScale.label(tick))</text>
                """
        }
        return "<svg width=\"100%\" height=\"22\">\(grid(scale, to: 4))\(labels.joined())</svg>"
    }
}

/// How far a mailing is, as one bar of all its recipients.
struct ProgressBar {
    let counts: MailingCounts
    /// Who has ended, as a share of all.
    let percent: String

    init?(_ mailing: MailingStatus, _ clock: HumanTime) {
        guard let counts = mailing.counts else { return nil }
        self.counts = counts
        percent = MailingWords(mailing: mailing, time: clock).percent
    }

    /// The bar; its words are for who cannot see it, and for the pointer.
    var drawing: HTML {
        var x = 0.0
        var parts: HTML = ""
        for (fill, count) in segments where count > 0 && fill != .waiting {
            let width = 1000 * Double(count) / Double(max(1, counts.recipients))
            parts += "<rect \(fill.attributes) x=\"\(x)\" width=\"\(width)\" height=\"10\"/>"
            x += width
        }
        return """
            <svg class="progress" viewBox="0 0 1000 10" preserveAspectRatio="none" width="100%" height="10" \
            role="img" aria-label="\(words)"><title>\(words)</title>\(parts)</svg>
            """
    }

    /// Who has ended first, then who is on the way, then who waits.
    private var segments: [(Fill, Int)] {
        [
            (.sent, counts.sent), (.failed, counts.failed), (.skipped, counts.skipped),
            (.deferred, counts.deferred), (.doubt, counts.inDoubt), (.sending, counts.sending),
            (.waiting, counts.waiting),
        ]
    }

    private var words: String {
        let names: [Fill: String] = [
            .sent: "sent", .failed: "failed", .skipped: "skipped", .deferred: "deferred", .doubt: "in doubt",
            .sending: "being sent", .waiting: "waiting",
        ]
        let parts = segments.filter { $0.1 > 0 }.map { "\(HumanNumber.text($0.1)) \(names[$0.0] ?? "")" }
        return "\(percent) of \(HumanNumber.counted(counts.recipients, "recipient", "recipients")) ended"
            + (parts.isEmpty ? "" : ": " + parts.joined(separator: ", "))
    }
}
