internal import SpoolConsole
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore

/// `spool-status --json`.
extension SpoolStatus {
    /// The whole status as one document.
    var json: JSONText {
        .object([
            ("spool", .string(path)), ("at", .of(at)), ("ticking", .bool(isTicking)),
            ("lastTick", .of(lastTick)),
            ("mailings", .array(mailings.map(\.json))),
            (
                "ignored",
                .array(ignored.map { .object([("path", .string($0.path)), ("reason", .string($0.reason))]) })
            ),
        ])
    }
}

extension MailingStatus {
    /// The mailing as an element of `mailings`.
    var json: JSONText {
        .object([
            ("name", .string(name)), ("state", .string(state.rawValue)), ("subject", .of(subject)),
            ("from", .of(from)), ("sendAt", .of(sendAt)), ("startedAt", .of(startedAt)),
            ("finishedAt", .of(finishedAt)), ("cancelled", .bool(isCancelled)),
            ("recipients", .of(counts?.recipients)), ("waiting", .of(counts?.waiting)),
            ("sending", .of(counts?.sending)), ("inDoubt", .of(counts?.inDoubt)), ("sent", .of(counts?.sent)),
            ("deferred", .of(counts?.deferred)), ("failed", .of(counts?.failed)),
            (
                "skipped",
                .object([
                    ("duplicate", .of(counts?.duplicate)), ("invalid", .of(counts?.invalid)),
                    ("suppressed", .of(counts?.suppressed)), ("late", .of(counts?.late)),
                ])
            ),
            ("formerSent", .of(counts?.formerSent)), ("perMinute", .of(perMinute)),
            ("secondsLeft", .of(secondsLeft)), ("next", .of(next)), ("waitingFor", .of(waitingFor?.rawValue)),
            ("errors", .array(errors.map(\.json))), ("warnings", .array(warnings.map(\.json))),
        ])
    }
}
