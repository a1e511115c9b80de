internal import SpoolConsole
internal import SpoolMail
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStatistics
internal import SpoolStore

/// Everything about one mailing.
struct MailingSection {
    let mailing: MailingStatus
    let details: MailingDetails
    /// Made of letters and digits; what the overview links to.
    let id: String
    let clock: HumanTime

    private static let mostReasons = 8
    private static let mostDomains = 8

    var section: HTML {
        """
        <section class="mailing" id="\(id)" aria-labelledby="\(id)-name" data-mailing="\(mailing.name)">
        <header><h2 id="\(id)-name"><bdi>\(mailing.name)</bdi></h2>\(mailing.pill)</header>
        \(subject)\(facts)\(ProblemList(mailing).list)\(progress)\(charts)
        </section>

        """
    }

    private var subject: HTML {
        guard let subject = mailing.subject else { return "" }
        let sender = mailing.from.map { HTML("<span class=\"soft\"> from <bdi>\($0)</bdi></span>") } ?? ""
        return "<p class=\"subject\"><bdi>\(subject)</bdi>\(sender)</p>"
    }

    // MARK: When and how fast

    private var facts: HTML {
        var facts: [(String, HTML)] = []
        if let startedAt = mailing.startedAt {
            facts.append(("Began", clock.element(startedAt)))
        } else if let sendAt = mailing.sendAt {
            facts.append(("Planned for", clock.element(sendAt)))
        }
        if let finishedAt = mailing.finishedAt {
            facts.append((mailing.isCancelled ? "Cancelled" : "Ended", clock.element(finishedAt)))
            if let startedAt = mailing.startedAt {
                facts.append(("Took", "\(HumanTime.length((finishedAt - startedAt).seconds))"))
            }
        }
        if let rate = mailing.perMinute {
            facts.append((mailing.finishedAt == nil ? "Pace" : "Average", "\(HumanNumber.rate(rate))/min"))
        }
        if mailing.waitingFor == nil, let seconds = mailing.secondsLeft, mailing.counts?.left != 0 {
            facts.append(("Time left", "about \(HumanTime.length(seconds))"))
        }
        if let reason = mailing.waitingFor {
            let until = mailing.next.map { HTML(", next \(clock.element($0))") } ?? ""
            facts.append(("Waits for", "\(reason.rawValue)" + until))
        } else if let next = mailing.next {
            facts.append(("Next", clock.element(next)))
        }
        if details.revisions.count > 1 { facts.append(("Contents", "\(details.revisions.count) revisions")) }
        if facts.isEmpty { return "" }
        let items = facts.map { HTML("<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>") }.joined()
        return "<dl class=\"facts\">\(items)</dl>\n"
    }

    private var progress: HTML {
        guard let bar = ProgressBar(mailing, clock) else {
            return "<p class=\"soft\">No tick has looked at it yet.</p>"
        }
        let counts = bar.counts
        return """
            <div class="ended">\(bar.drawing)<p><b>\(bar.percent)</b> of \
            \(HTML.number(counts.recipients)) \(counts.recipients == 1 ? "recipient" : "recipients") ended, \
            \(HTML.number(counts.left)) left</p></div>

            """
    }

    // MARK: Charts

    private var charts: HTML {
        // Before it begins there is nothing to draw.
        guard let counts = mailing.counts, details.begunAt != nil else { return "" }
        var cards: HTML = ""
        if details.firstTwoDays.buckets.isEmpty == false {
            cards += """
                <div class="card wide"><h3>Deliveries over time</h3>\(later)
                \(DeliveryChart(details.firstTwoDays, id: id, clock: clock).figure)</div>

                """
        }
        cards += "<div class=\"card\">\(statusTable(counts).table)\(former(counts))</div>\n"
        if details.failures.total > 0 { cards += "<div class=\"card\">\(reasonTable.table)</div>\n" }
        let domains = domainTable
        if !domains.rows.isEmpty { cards += "<div class=\"card\">\(domains.table)</div>\n" }
        if details.revisions.count > 1 { cards += "<div class=\"card\">\(revisionTable)</div>\n" }
        return "<div class=\"cards\">\n\(cards)</div>"
    }

    /// What the chart of the first two days leaves out.
    private var later: HTML {
        let rest = details.timeline.total.accepted - details.firstTwoDays.total.accepted
        guard rest > 0 else { return "" }
        return """
            <p class="soft">The first 48 hours. \(HTML.number(rest)) \(rest == 1 ? "was" : "were") accepted later.</p>
            """
    }

    private func former(_ counts: MailingCounts) -> HTML {
        guard counts.formerSent > 0 else { return "" }
        return """
            <p class="soft">\(HTML.number(counts.formerSent)) more got it and \
            \(counts.formerSent == 1 ? "is" : "are") not in the list any more.</p>
            """
    }

    private func statusTable(_ counts: MailingCounts) -> BarTable {
        let states: [(Fill, String, Int)] = [
            (.sent, "Sent", counts.sent), (.failed, "Failed", counts.failed),
            (.deferred, "Deferred", counts.deferred), (.doubt, "In doubt", counts.inDoubt),
            (.sending, "Sending", counts.sending), (.waiting, "Waiting", counts.waiting),
            (.skipped, "Skipped: duplicate", counts.duplicate),
            (.skipped, "Skipped: invalid", counts.invalid),
            (.skipped, "Skipped: suppressed", counts.suppressed), (.skipped, "Skipped: late", counts.late),
        ]
        let always: Set<String> = ["Sent", "Failed", "Waiting"]
        let rows = states.filter { $0.2 > 0 || always.contains($0.1) }.map { fill, name, count in
            BarTable.Row(
                name: "\(name)", says: "\(name): \(HumanNumber.text(count))", parts: [(fill, count)],
                columns: [
                    HTML.number(count), "\(HumanNumber.percent(count, of: counts.recipients))",
                ])
        }
        return BarTable(
            caption: "Recipients by status", nameHeading: "Status", headings: ["Recipients", "Share"],
            rows: rows,
            sum: ["All", HTML.number(counts.recipients), "100 %"], kind: "status")
    }

    private var reasonTable: BarTable {
        let reasons = details.failures.sorted
        var rows = reasons.prefix(MailingSection.mostReasons).map { reason in
            reasonRow(name: MailingSection.name(of: reason), reason.count)
        }
        let shown = reasons.prefix(MailingSection.mostReasons).reduce(0) { $0 + $1.count }
        if details.failures.total > shown {
            rows.append(reasonRow(name: "Other reasons", details.failures.total - shown))
        }
        return BarTable(
            caption: "Failures by reason", nameHeading: "What the mail system said", headings: ["Failed"],
            rows: rows, sum: ["All", HTML.number(details.failures.total)], kind: "reasons")
    }

    private func reasonRow(name: String, _ count: Int) -> BarTable.Row {
        BarTable.Row(
            name: "<bdi>\(name)</bdi>", says: "\(name): \(HumanNumber.text(count)) failed",
            parts: [(.failed, count)], columns: [HTML.number(count)])
    }

    private static func name(of reason: Reason) -> String { Reply.words(reason.text, status: reason.status) }

    private var domainTable: BarTable {
        let failing = details.mostFailing(MailingSection.mostDomains)
        var domains = failing
        for domain in details.largest(MailingSection.mostDomains)
        where domains.count < MailingSection.mostDomains && !failing.contains(domain) && domain.recipients > 0
        {
            domains.append(domain)
        }
        let rows = domains.map { domain in
            BarTable.Row(
                name: "<bdi>\(domain.domain)</bdi>", says: MailingSection.says(domain),
                parts: [
                    (.sent, domain.sent), (.failed, domain.failed), (.deferred, domain.deferred),
                ],
                columns: [
                    HTML.number(domain.sent), HTML.number(domain.failed),
                    HTML.number(domain.deferred),
                ])
        }
        return BarTable(
            caption: failing.isEmpty ? "Largest domains" : "Domains with the most failures",
            nameHeading: "Domain",
            headings: ["Sent", "Failed", "Deferred"], rows: rows, sum: [], kind: "domains")
    }

    private static func says(_ domain: DomainFigures) -> String {
        "\(domain.domain): \(HumanNumber.text(domain.sent)) sent, \(HumanNumber.text(domain.failed)) failed, "
            + "\(HumanNumber.text(domain.deferred)) deferred"
    }

    private var revisionTable: HTML {
        let rows = details.revisions.map { revision -> HTML in
            """
            <tr><th scope="row">\(clock.element(revision.since))</th><td><code>\(String(revision.hash.prefix(8)))</code></td>\
            <td class="n">\(HTML.number(revision.sent))</td></tr>

            """
        }
        return """
            <table class="numbers"><caption>Revisions of the contents</caption><thead><tr><th scope="col">Since</th>\
            <th scope="col">Revision</th><th scope="col" class="n">Sent</th></tr></thead>
            <tbody>\(rows.joined())</tbody></table>
            """
    }
}

/// What is wrong with a mailing, and what to do.
struct ProblemList {
    private let mailing: MailingStatus

    init(_ mailing: MailingStatus) { self.mailing = mailing }

    var list: HTML {
        let problems =
            mailing.errors.map { item($0, "error", "Error") }
            + mailing.warnings.map { item($0, "warning", "Warning") }
        return problems.isEmpty ? "" : "<ul role=\"list\" class=\"problems\">\(problems.joined())</ul>\n"
    }

    private func item(_ problem: Diagnostic, _ kind: HTML, _ word: HTML) -> HTML {
        "<li class=\"\(kind)\"><b>\(word)</b> \(problem.description)</li>"
    }
}

extension MailingStatus {
    /// The state as a coloured word.
    var pill: HTML { "<span class=\"pill \(stateWord)\">\(stateWord)</span>" }
}
