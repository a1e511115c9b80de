internal import SpoolConsole
internal import SpoolSchedule
internal import SpoolStatistics

/// Deliveries over time: how many were accepted so far, and what happened in each stretch of time.
///
/// Drawn in per cent of the width and in pixels of the height, so that text keeps its size on every screen.
struct DeliveryChart {
    private let timeline: DeliveryTimeline
    private let clock: HumanTime
    private let id: String
    private let start: Timestamp
    private let end: Timestamp
    /// Accepted until the end of each bucket.
    private let sums: [Int]

    private static let mostBuckets = 72
    private static let fewestBuckets = 12
    private static let height = 132.0

    /// - Parameter id: made of letters and digits, for the names of its parts.
    init(_ timeline: DeliveryTimeline, id: String, clock: HumanTime) {
        self.timeline = timeline.coarsened(toAtMost: DeliveryChart.mostBuckets)
        self.clock = clock
        self.id = id
        start = self.timeline.start ?? clock.now
        let count = max(self.timeline.buckets.count, DeliveryChart.fewestBuckets)
        end = start + Interval.seconds(Int64(count) * self.timeline.width)
        var sum = 0
        sums = self.timeline.buckets.map { bucket in
            sum += bucket.accepted
            return sum
        }
    }

    /// The figure, with its numbers as a table below it.
    var figure: HTML {
        """
        <figure class="chart">
        \(legend)
        <p class="axis-title">Accepted so far, messages</p>
        \(panel(scale: CountScale(upTo: sums.last ?? 0), withTimes: false, title: sumTitle, content: curve))
        <p class="axis-title">In each \(widthText), messages</p>
        \(panel(scale: stackScale, withTimes: true, title: stackTitle, content: bars))
        \(table)
        </figure>

        """
    }

    private var legend: HTML {
        let total = timeline.total
        var items: HTML = ""
        for (fill, name, count) in [
            (Fill.sent, "accepted", total.accepted), (Fill.failed, "failed", total.failed),
            (Fill.deferred, "put off", total.deferred),
        ] where count > 0 || fill == .sent {
            items += "<li>\(fill.swatch)\(name) \(HTML.number(count))</li>"
        }
        return "<ul role=\"list\" class=\"legend\">\(items)</ul>"
    }

    /// "minute", "10 minutes".
    private var widthText: String {
        for (size, name) in [(Int64(604_800), "week"), (86_400, "day"), (3600, "hour"), (60, "minute")]
        where timeline.width % size == 0 {
            let count = timeline.width / size
            return count == 1 ? name : "\(count) \(name)s"
        }
        return timeline.width == 1 ? "second" : "\(timeline.width) seconds"
    }

    private var sumTitle: String {
        let spanned = clock.span(from: start, to: timeline.end ?? end)
        return "Accepted so far: \(HumanNumber.counted(sums.last ?? 0, "message", "messages")), \(spanned)"
    }

    private var stackTitle: String {
        let total = timeline.total
        return "In each \(widthText): \(HumanNumber.text(total.accepted)) accepted, "
            + "\(HumanNumber.text(total.failed)) failed, \(HumanNumber.text(total.deferred)) put off in all"
    }

    // MARK: Panels

    private func x(_ time: Timestamp) -> Double {
        Double((time - start).milliseconds) * 100 / Double(max(1, (end - start).milliseconds))
    }

    private var bucketWidth: Double { 100 * Double(timeline.width) / Double(max(1, (end - start).seconds)) }

    private func panel(scale: CountScale, withTimes: Bool, title: String, content: (CountScale) -> HTML)
        -> HTML
    {
        let height = DeliveryChart.height
        let whole = height + (withTimes ? 34 : 12)
        var labels: HTML = ""
        var lines: HTML = ""
        for tick in scale.ticks {
            let y = top + (height - top) * (1 - scale.share(tick))
            labels += "<text x=\"40\" y=\"\(y + 4)\" text-anchor=\"end\">\(CountScale.label(tick))</text>"
            let kind: HTML = tick == 0 ? "base" : "grid"
            lines += "<line class=\"\(kind)\" stroke=\"#99a\" x1=\"0\" x2=\"100%\" y1=\"\(y)\" y2=\"\(y)\"/>"
        }
        if withTimes { lines += times }
        let name: HTML = withTimes ? "bars" : "sum"
        return """
            <div class="plot"><svg class="y" width="46" height="\(whole)" aria-hidden="true">\(labels)</svg>\
            <svg class="area" width="100%" height="\(whole)" role="img" aria-labelledby="\(id)-\(name)">\
            <title id="\(id)-\(name)">\(title)</title>\(lines)\(content(scale))</svg></div>
            """
    }

    /// Room above the highest tick for its label.
    private var top: Double { 8 }

    private var times: HTML {
        TimeScale(from: start, to: end, in: clock).ticks.map { tick in
            let x = x(tick.time)
            let anchor: HTML = x < 4 ? "start" : x > 96 ? "end" : "middle"
            let (base, text) = (DeliveryChart.height, DeliveryChart.height + 20)
            return """
                <line class="base" stroke="#99a" x1="\(x)%" x2="\(x)%" y1="\(base)" y2="\(base + 5)"/>\
                <text x="\(x)%" y="\(text)" text-anchor="\(anchor)">\(tick.label)</text>
                """
        }.joined()
    }

    private func curve(_ scale: CountScale) -> HTML {
        let height = DeliveryChart.height
        var path = "M0 \(height)"
        for (index, sum) in sums.enumerated() {
            let y = top + (height - top) * (1 - scale.share(sum))
            path += "L\(Int((Double(index + 1) * bucketWidth * 100).rounded())) \((y * 10).rounded() / 10)"
        }
        let last = Double(sums.count) * bucketWidth * 100
        let line = HTML(markup: path)
        return """
            <svg x="0" y="0" width="100%" height="\(height)" viewBox="0 0 10000 \(height)" \
            preserveAspectRatio="none"><path class="under" fill="#2563c9" fill-opacity=".14" \
            d="\(line)L\(last) \(height)Z"/>\
            <path class="line" fill="none" stroke="#2563c9" vector-effect="non-scaling-stroke" d="\(line)"/></svg>\
            \(hits)
            """
    }

    private var stackScale: CountScale {
        CountScale(upTo: timeline.buckets.map { $0.accepted + $0.failed + $0.deferred }.max() ?? 0)
    }

    private func bars(_ scale: CountScale) -> HTML {
        let gap = bucketWidth * 0.12
        let bars = timeline.buckets.enumerated().map { index, bucket in
            var bottom = DeliveryChart.height
            var rectangles: HTML = ""
            for (fill, count) in [
                (Fill.sent, bucket.accepted), (.failed, bucket.failed), (.deferred, bucket.deferred),
            ] where count > 0 {
                let height = max(1, (DeliveryChart.height - top) * scale.share(count))
                bottom -= height
                rectangles += """
                    <rect \(fill.attributes) x="\(Double(index) * bucketWidth + gap / 2)%" y="\(bottom)" \
                    width="\(bucketWidth - gap)%" height="\(height)"/>
                    """
            }
            return rectangles
        }
        return bars.joined() + hits
    }

    /// What shows the exact numbers of a stretch of time under the pointer.
    private var hits: HTML {
        timeline.buckets.indices.map { index -> HTML in
            """
            <rect class="hit" fill="none" pointer-events="all" x="\(Double(index) * bucketWidth)%" y="0" \
            width="\(bucketWidth)%" height="\(DeliveryChart.height)"><title>\(says(index))</title></rect>
            """
        }.joined()
    }

    private func span(_ index: Int) -> String {
        clock.span(from: timeline.start(of: index), to: timeline.start(of: index + 1))
    }

    private func says(_ index: Int) -> String {
        let bucket = timeline.buckets[index]
        var parts = ["\(HumanNumber.text(bucket.accepted)) accepted"]
        if bucket.failed > 0 { parts.append("\(HumanNumber.text(bucket.failed)) failed") }
        if bucket.deferred > 0 { parts.append("\(HumanNumber.text(bucket.deferred)) put off") }
        return "\(span(index)): \(parts.joined(separator: ", ")); \(HumanNumber.text(sums[index])) so far"
    }

    // MARK: The same as a table

    private var table: HTML {
        let rows = timeline.buckets.enumerated().filter { $0.element != DeliveryTimeline.Bucket() }.map {
            index, bucket -> HTML in
            """
            <tr><th scope="row"><time datetime="\(timeline.start(of: index).rfc3339)">\(span(index))</time></th>\
            <td class="n">\(HTML.number(bucket.accepted))</td><td class="n">\(HTML.number(bucket.failed))</td>\
            <td class="n">\(HTML.number(bucket.deferred))</td><td class="n">\(HTML.number(sums[index]))</td></tr>

            """
        }
        return """
            <details><summary>These numbers as a table</summary><div class="scroll" tabindex="0" role="region" \
            aria-label="Deliveries over time, as a table">
            <table class="numbers timeline"><thead><tr><th scope="col">Time</th><th scope="col" class="n">Accepted</th>\
            <th scope="col" class="n">Failed</th><th scope="col" class="n">Put off</th><th scope="col" class="n">Accepted so far</th></tr></thead>
            <tbody>\(rows.joined())</tbody></table></div></details>
            """
    }
}
