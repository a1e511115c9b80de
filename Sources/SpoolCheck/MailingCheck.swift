internal import SpoolConsole
internal import SpoolExamine
import SpoolMail
internal import SpoolMailing
internal import SpoolSchedule
internal import SpoolStore
import SpoolSystem

/// Judges one file as a tick would judge the document, with the same code, and looks at every message.
struct MailingCheck {
    let result: CheckResult
    /// What the lists hold and, if the document itself is without fault, the mailing.
    let survey: MessageSurvey.Result
    let history: MailingHistory?
    let suppression: Suppression

    /// - Parameters:
    ///   - wanted: recipients who are to be found in the lists.
    ///   - progress: see ``MessageSurvey``.
    init(
        _ file: CheckedFile, wanted: [EmailAddress], at moment: Moment,
        progress: @escaping @Sendable (_ fraction: Double, _ messages: Int) -> Void
    ) throws {
        let journals = try JournalDirectory(file.spool.journal)
        let settings = try ConfiguredSpool.settings(of: file.spool)
        suppression = try SuppressionFile.current(in: file.spool)
        var placement = try DropPreview(file, journals: journals)
        history = placement.history

        let survey = MessageSurvey(at: moment.wall, wanted: wanted, progress: progress)
        var request = ExaminationRequest(
            file.document, settings: settings, suppression: suppression,
            journal: placement.journalUse,
            // Nobody waits here for a young file to settle: whoever asks has written it.
            at: Moment(wall: moment.wall + Examiner.settling, monotonic: moment.monotonic))
        request.observer = survey
        let examination = try Examination.judge(
            file.file.contents(limit: DocumentReading.sizeLimit + 1), request, in: file.spool, journals)
        self.survey = survey.finish()
        placement = placement.answered(by: examination, of: file)
        var result = MailingCheck.result(file, examination, placement, self.survey, settings, at: moment.wall)
        (result.refusals, result.refusedWith) = try MailingCheck.refusals(of: file.spool)
        if let warning = SuppressionFile.warning(about: suppression) { result.warnings.append(warning) }
        result.delivery = MailingCheck.delivery(settings, of: file.spool)
        self.result = result
    }

    private static func delivery(
        _ settings: Configuration, of spool: SpoolDirectory
    ) -> CheckResult.Delivery {
        switch settings.transport {
        case .sendmail(let command): .sendmail(command ?? [ConfiguredSpool.sendmail])
        case .maildir(let directory): .maildir("\(spool.root.absolutePath)/\(directory)")
        case .smtp(let host, let port): .smtp(host: host, port: port)
        }
    }

    /// Why a tick would hand nothing over with this configuration, and what it would end with.
    private static func refusals(of spool: SpoolDirectory) throws -> ([Diagnostic], ExitStatus) {
        let user = try spool.journal.status().owner
        var reasons: [String] = []
        do throws(ConfiguredSpool.Failure) {
            let problem = try ConfiguredSpool(spool: spool).programProblem(for: user)
            if let problem { reasons = [problem] }
        } catch {
            switch error {
            case .system(let error): throw error
            case .refused(let refused): reasons = refused
            }
        }
        // What else is refused of the spool itself is among the reasons already.
        var status = ExitStatus.configuration
        if let refusal = try spool.refusal(for: user), refusal.isAboutUser {
            // A tick looks at this first.
            reasons.insert(refusal.text(for: user), at: 0)
            status = .noPermission
        }
        let consequence = "until then nothing is sent"
        let refusals = reasons.map {
            Diagnostic(message: $0.replacing("; " + consequence, with: ""), hint: consequence)
        }
        return (refusals, status)
    }

    private static func result(
        _ file: CheckedFile, _ examination: Examination, _ placement: DropPreview,
        _ survey: MessageSurvey.Result,
        _ settings: Configuration, at now: Timestamp
    ) -> CheckResult {
        var result = CheckResult(
            path: file.path, name: file.name.string, spool: file.spool.root.absolutePath, folder: file.folder,
            at: now)
        result.errors = examination.errors + placement.errors
        if examination.isHeldByFile { result.errors.append(MailingCheck.changing) }
        result.warnings = placement.warnings + examination.warnings
        result.from = examination.title.from
        result.subject =
            survey.first.flatMap { survey.mailing?.subject(for: $0) } ?? examination.title.subject
        result.recipients = examination.summary
        result.counts = placement.history?.counts
        guard let mailing = survey.mailing, let written = survey.written else { return result }
        var plan = DeliveryPlan(
            mailing.timing, spoolRate: settings.rate, folder: file.folder, history: placement.history,
            remaining: examination.summary.map { remaining(of: $0, placement.history) }, at: now)
        plan.zoneName = mailing.zoneName ?? settings.localZone.name
        result.plan = plan
        result.parts = MailingCheck.parts(of: mailing, written, for: survey.first)
        result.largest = survey.findings.largest
        result.warnings += plan.warnings(about: mailing, written: written, folder: file.folder, at: now)
        result.warnings += Deliverability.warnings(
            about: mailing, written: written, defaults: settings.defaults, findings: survey.findings,
            fields: survey.first?.variables ?? [])
        return result
    }

    /// How many are still to be mailed: who has got it does not get it again, and who has failed does only if the
    /// ended mailing is sent again.
    private static func remaining(of list: ListSummary, _ history: MailingHistory?) -> Int {
        let counts = history?.counts ?? MailingCounts()
        let ended = counts.sent + (history?.isOpen == true ? counts.failed + counts.late : 0)
        return max(0, list.unique - list.suppressed - ended)
    }

    private static let changing = Diagnostic(
        message: "a file that it names is being written to", hint: "check it again when that has ended")

    private static func parts(
        of mailing: Mailing, _ written: Document, for recipient: Recipient?
    ) -> [CheckResult.Part] {
        func size(_ template: Template, _ escaping: Template.Escaping) -> Int {
            let text = recipient.flatMap { try? template.rendered(escaping: escaping, value: $0.value) }
            return (text ?? template.source).utf8.count
        }
        let design = mailing.content.design
        var parts: [CheckResult.Part] = []
        if let text = design.text {
            parts.append(
                CheckResult.Part(
                    type: "text/plain", bytes: size(text, .none),
                    isDerived: written.text == nil && written.textFile == nil))
        }
        if let html = design.html {
            parts.append(CheckResult.Part(type: "text/html", bytes: size(html, .html)))
        }
        for attached in mailing.content.attachments {
            parts.append(
                CheckResult.Part(
                    type: attached.attachment.type, name: attached.attachment.name,
                    bytes: Int(attached.file.status?.size ?? 0)))
        }
        return parts
    }
}
