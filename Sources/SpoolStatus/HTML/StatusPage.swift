internal import SpoolConsole
internal import SpoolMail
internal import SpoolSchedule
internal import SpoolStatistics
internal import SpoolStore

/// `spool-status --html`: one page that needs nothing beside itself, no script and no network.
struct StatusPage {
    let status: SpoolStatus
    /// The mailings in the table, and how many ended ones are not in it.
    let listed: [MailingStatus]
    let unlisted: Int
    /// Those of them that have a section of their own.
    let sections: [MailingSection]
    let clock: HumanTime

    /// The whole page.
    var text: String { page.text }

    private var page: HTML {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="\(StatusPage.policy)">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <meta name="referrer" content="no-referrer">
        <meta name="robots" content="noindex">
        <title>Mailings in \(status.path)</title>
        <link rel="icon" href="\(HTML(markup: StatusPage.icon))">
        <style>\(HTML(markup: PageStyle.sheet))</style>
        </head>
        <body>
        <header class="top">
        <h1>Mailings</h1>
        <p class="soft">in <bdi>\(status.path)</bdi>, as of \
        <time datetime="\(status.at.rfc3339)">\(clock.exactWithWeekday(status.at))</time> (\(zoneName))</p>
        </header>
        <main>
        \(notices)\(tiles)\(overview)\(sections.map(\.section).joined())\(ignored)</main>
        <footer class="soft"><p>spool-status \(Spool.version). Sent means that the mail system has taken the message. \
        Point at a chart for exact numbers.</p></footer>
        </body>
        </html>

        """
    }

    /// "UTC+1, Europe/Stockholm", or as much of it as is known.
    private var zoneName: String {
        guard let name = status.localZone.name, name != clock.zoneName else { return clock.zoneName }
        return "\(clock.zoneName), \(name)"
    }

    private static let policy: HTML = {
        var hash: [UInt8] = []
        Base64Lines.appendUnbroken(SHA256.digest(Array(PageStyle.sheet.utf8)).span, to: &hash)
        let digest = String(decoding: hash, as: UTF8.self)
        return HTML(
            markup: "default-src 'none'; style-src 'sha256-\(digest)'; img-src data:; base-uri 'none'; "
                + "form-action 'none'")
    }()

    /// An envelope; without an icon of its own a browser would ask the server for one.
    private static let icon =
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E"
        + "%3Crect x='2' y='6' width='28' height='20' rx='4' fill='%232563c9'/%3E"
        + "%3Cpath d='M5 10l11 8 11-8' fill='none' stroke='white' stroke-width='2.5'/%3E%3C/svg%3E"

    // MARK: What needs attention

    private var notices: HTML {
        var items = status.attention
        for mailing in status.mailings {
            let details = section(of: mailing)?.details ?? MailingDetails()
            items += status.attention(
                about: mailing, held: mailing.held(holdsInDoubt: status.holdsInDoubt, details))
        }
        if items.isEmpty { return "" }
        let list = items.map { item -> HTML in
            let subject = item.mailing.map { HTML("<b><bdi>\($0)</bdi></b>: ") } ?? "<b>The spool</b>: "
            return "<li>\(subject)\(item.text(clock, of: status))</li>"
        }.joined()
        return
            "<section class=\"notices\" aria-label=\"Needs attention\"><ul role=\"list\">\(list)</ul></section>\n"
    }

    private var tiles: HTML {
        let mailings = status.mailings
        let counts = mailings.compactMap(\.counts)
        let under = mailings.filter { $0.state != .done }.compactMap(\.counts).reduce(0) { $0 + $1.left }
        let ticking: (String, HTML) =
            if status.isTicking {
                ("Tick", "at work")
            } else {
                ("Last tick", status.lastTick.map(clock.element) ?? "never")
            }
        let tiles: [(String, HTML)] = [
            ("Active", HTML.number(mailings.count { $0.state == .active })),
            ("Scheduled", HTML.number(mailings.count { $0.state == .scheduled })),
            ("Paused", HTML.number(mailings.count { $0.state == .paused })),
            ("Done", HTML.number(mailings.count { $0.state == .done })),
            ("Still to send", HTML.number(under)),
            ("Sent in all", HTML.number(counts.reduce(0) { $0 + $1.sent })),
            ticking,
        ]
        let items = tiles.map { HTML("<div><dt>\($0.0)</dt><dd>\($0.1)</dd></div>") }.joined()
        return "<dl class=\"tiles\">\(items)</dl>\n"
    }

    // MARK: The overview

    private var overview: HTML {
        if status.mailings.isEmpty {
            return """
                <p class="empty">No mailings yet. To begin, put a document into <code>\(status.path)/scheduled/</code>.</p>

                """
        }
        let rows = listed.map(row).joined()
        let rest: HTML =
            unlisted == 0
            ? ""
            : "<p class=\"soft\">\(HumanNumber.counted(unlisted, "older mailing", "older mailings")) not shown.</p>\n"
        return """
            <section class="overview" aria-label="Overview"><table role="table" class="mailings">
            <thead role="rowgroup"><tr role="row">\(StatusPage.headings)</tr></thead>
            <tbody role="rowgroup">
            \(rows)</tbody></table>
            \(rest)</section>

            """
    }

    private static let headings: HTML = [
        "Mailing", "State", "When", "Progress", "Recipients", "Sent", "Failed", "Deferred", "Skipped", "Left",
        "Pace", "Time left",
    ].map { HTML("<th role=\"columnheader\" scope=\"col\">\($0)</th>") }.joined()

    private func section(of mailing: MailingStatus) -> MailingSection? {
        sections.first { $0.mailing.place.utf8.elementsEqual(mailing.place.utf8) }
    }

    private func row(_ mailing: MailingStatus) -> HTML {
        let name: HTML = "<bdi>\(mailing.name)</bdi>"
        let section = section(of: mailing)
        let title: HTML = section.map { "<a href=\"#\($0.id)\">\(name)</a>" } ?? name
        let subject = mailing.subject.map { HTML("<span class=\"about\"><bdi>\($0)</bdi></span>") } ?? ""
        let counts = mailing.counts
        func number(_ label: HTML, _ value: Int?) -> HTML { cell(label, value.map(HTML.number)) }
        let progress = ProgressBar(mailing, clock).map { HTML("\($0.drawing)<span>\($0.percent)</span>") }
        let pace = cell("Pace", mailing.perMinute.map { "\(HumanNumber.rate($0))/min" })
        return """
            <tr role="row" data-mailing="\(mailing.name)" data-state="\(mailing.stateWord)">\
            <th role="rowheader" scope="row">\(title)\(subject)</th>\
            <td role="cell" data-label="State">\(mailing.pill)</td>\
            <td role="cell" data-label="When">\(when(mailing))</td>\
            <td role="cell" data-label="Progress" class="progress">\(progress ?? "–")</td>\
            \(number("Recipients", counts?.recipients))\(number("Sent", counts?.sent))\
            \(number("Failed", counts?.failed))\(number("Deferred", counts?.deferred))\
            \(number("Skipped", counts?.skipped))\(number("Left", counts?.left))\
            \(pace)\(timeLeft(mailing))</tr>

            """
    }

    private func when(_ mailing: MailingStatus) -> HTML {
        if let time = mailing.finishedAt ?? mailing.startedAt ?? mailing.sendAt { return clock.element(time) }
        return mailing.state == .scheduled ? "now" : "–"
    }

    private func timeLeft(_ mailing: MailingStatus) -> HTML {
        if let reason = mailing.waitingFor {
            return cell("Time left", "<span class=\"waits\">waits for \(reason.rawValue)</span>")
        }
        guard let seconds = mailing.secondsLeft, let left = mailing.counts?.left, left > 0 else {
            return cell("Time left", nil)
        }
        return cell("Time left", "\(HumanTime.length(seconds))")
    }

    private func cell(_ label: HTML, _ content: HTML?) -> HTML {
        let kind: HTML = content == nil ? "number none" : "number"
        return "<td role=\"cell\" data-label=\"\(label)\" class=\"\(kind)\">\(content ?? "–")</td>"
    }

    private var ignored: HTML {
        if status.ignored.isEmpty { return "" }
        var items = status.ignored.prefix(StatusPage.mostIgnored).map {
            HTML("<li><code>\($0.path)</code>: \($0.reason)</li>")
        }
        let rest = status.ignored.count - items.count
        if rest > 0 { items.append("<li>\(HTML.number(rest)) more</li>") }
        return "<section class=\"card ignored\"><h2>Ignored files</h2><ul>\(items.joined())</ul></section>\n"
    }

    /// So many of them are named.
    private static let mostIgnored = 20
}
