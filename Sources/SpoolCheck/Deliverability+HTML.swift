internal import SpoolConsole
import SpoolMail
internal import SpoolMailing

/// What works in a browser and not in mail, and what was written for another mailer.
extension Deliverability {
    static func addTags(_ found: HTMLFindings, _ key: String, to collector: inout Collector) {
        func warn(_ count: Int, _ one: String, _ many: String, _ rest: String, _ hint: String) {
            if count > 0 { collector.warn(key, HumanNumber.counted(count, one, many) + rest, hint) }
        }
        warn(
            found.linksWithoutTarget, "link leads", "links lead", " nowhere: href is empty",
            "write where it leads")
        warn(found.linksWithoutHref, "link has", "links have", " no href", "write where it leads")
        warn(
            found.scriptLinks, "link runs", "links run", " a script, which no mail program does",
            "link to a page on the web")
        warn(
            found.scripts, "script does", "scripts do", " nothing in mail",
            "remove it; filters take scripts for an attack")
        warn(
            found.forms, "form works", "forms work", " in few mail programs",
            "link to a form on the web")
        warn(
            found.imagesWithoutAlt, "image has", "images have", " no alt text",
            "write alt=\"what it shows\", or alt=\"\" for decoration; many readers load no images")
        addBroken(found.brokenLinks, "link", "links", key, to: &collector)
        addBroken(found.brokenPictures, "picture", "pictures", key, to: &collector)
        if let charset = found.foreignCharset {
            collector.warn(
                key, "the HTML says that it is in \(charset), and is sent in UTF-8",
                "write <meta charset=\"utf-8\">, or leave the character set out")
        }
    }

    private static func addBroken(
        _ broken: [HTMLAddress], _ one: String, _ many: String, _ key: String, to collector: inout Collector
    ) {
        for fault in HTMLAddress.Fault.allCases {
            let addresses = broken.filter { $0.fault == fault }
            guard let first = addresses.first?.text else { continue }
            let shown = String(first.prefix(80))
            let (what, hint) = words(for: fault, first: shown, isPicture: one == "picture")
            collector.warn(
                key, "\(HumanNumber.counted(addresses.count, one, many)) \(what) (first: \(shown))", hint)
        }
    }

    private static func words(
        for fault: HTMLAddress.Fault, first: String, isPicture: Bool
    ) -> (what: String, hint: String) {
        let onTheWeb =
            isPicture
            ? "write the whole address, https://…, or attach it and write cid:"
            : "write the whole address, https://…"
        switch fault {
        case .relative: return ("without https://, of no use in mail", onTheWeb)
        case .noScheme: return ("without https://, of no use in mail", "write https://\(first)")
        case .mailbox: return ("to an address without mailto:", "write mailto:\(first)")
        case .file: return ("by a path of your own machine", onTheWeb)
        case .localhost: return ("on the reader's own machine", "write the address of the site on the web")
        }
    }

    /// - Parameter fields: what the list calls its fields.
    static func addPlaceholders(_ fields: [String], to collector: inout Collector) {
        for named in collector.mailing.content.templates {
            let isHTML = named.key.hasPrefix("html")
            let found = ForeignPlaceholders(in: named.template, isHTML: isHTML, fields: fields).found
            guard let first = found.first else { continue }
            let looks =
                found.count == 1
                ? "looks like a placeholder of another program, and goes out as it is"
                : "look like placeholders of another program, and go out as they are"
            let name = VariableName(String(first.filter { $0.isLetter || $0.isNumber || $0 == " " }))
            let field = fields.first { VariableName.loosened($0) == name.loose }
            collector.warn(
                named.key, "\(found.joined(separator: ", ")) \(looks)",
                "write {{ \(field ?? "firstName") }} for \(field == nil ? "a field of the list" : "the field")"
                    + ", or leave it so if it is meant")
        }
    }
}
