import Foundation

/// What `spool-status --json` prints.
struct Status: Decodable {
    struct Mailing: Decodable {
        struct Problem: Decodable {
            let key: String?
            let line: Int?
            let message: String
            let hint: String?
        }

        let name: String
        let state: String
        let subject: String?
        let from: String?
        let sendAt: String?
        let startedAt: String?
        let finishedAt: String?
        let cancelled: Bool
        let recipients: Int?
        let waiting: Int?
        let sending: Int?
        let inDoubt: Int?
        let sent: Int?
        let deferred: Int?
        let failed: Int?
        let skipped: [String: Int?]
        let formerSent: Int?
        let perMinute: Double?
        let secondsLeft: Double?
        let next: String?
        let waitingFor: String?
        let errors: [Problem]
        let warnings: [Problem]

        /// All states together; nil while any is not known.
        var sum: Int? {
            var sum = 0
            for count in [waiting, sending, inDoubt, sent, deferred, failed] + Array(skipped.values) {
                guard let count else { return nil }
                sum += count
            }
            return sum
        }
    }

    struct Ignored: Decodable {
        let path: String
        let reason: String
    }

    let spool: String
    let at: String
    let ticking: Bool
    let lastTick: String?
    let mailings: [Mailing]
    let ignored: [Ignored]

    /// The mailing of a name; a test that asks for one that is not there has failed.
    subscript(_ name: String) -> Mailing {
        get throws {
            guard let mailing = mailings.first(where: { $0.name == name }) else {
                throw HarnessError("spool-status knows no \(name), only \(mailings.map(\.name))")
            }
            return mailing
        }
    }
}

/// RFC 3339 in UTC, as documents and the status have it.
func rfc3339(_ date: Date) -> String { date.formatted(.iso8601) }
