package import SpoolMailing
package import SpoolSchedule
package import SpoolStore
package import SpoolSystem
internal import Synchronization

/// The encoded attachments of a mailing that is being delivered: made beside what the tick does when a message wants
/// them, and dropped when none has for a while.
package final class AttachmentSupply: Sendable {
    private enum Stand: Sendable {
        case absent
        case underWay
        case ready(EncodedAttachments)
        case failed(SystemError)
    }

    private let make: @Sendable () throws(SystemError) -> EncodedAttachments
    private let beside: @Sendable (@escaping @Sendable () -> Void) -> Void
    private let stand: Mutex<Stand>
    /// Whether somebody has asked for them, and has not yet been given them or told why not.
    private let wanted = Mutex(false)

    /// Of a mailing without attachments.
    package init() {
        make = { () throws(SystemError) in EncodedAttachments() }
        beside = { $0() }
        stand = Mutex(.ready(EncodedAttachments()))
    }

    /// - Parameters:
    ///   - files: in which they lie.
    ///   - marks: what it is noted in that they are being encoded.
    ///   - wakeups: whoever waits is woken when they are there.
    package init(
        of mailing: Mailing, as document: FoundDocument, in files: Directory,
        marks: any PreparationMarks, wakeups: any Wakeups, in surroundings: Surroundings
    ) {
        make = { () throws(SystemError) in
            marks.begin(document)
            defer { marks.end(document) }
            return try EncodedAttachments(mailing, files)
        }
        beside = { work in
            surroundings.beside {
                work()
                wakeups.wake()
            }
        }
        stand = Mutex(mailing.content.attachments.isEmpty ? .ready(EncodedAttachments()) : .absent)
    }

    /// Whether they are being encoded.
    package var isUnderWay: Bool {
        stand.withLock { if case .underWay = $0 { true } else { false } }
    }

    /// Whether whoever has asked for them has still to be given them: also when they are there, since that may be so since
    /// he has last looked.
    package var isAwaited: Bool { wanted.withLock { $0 } }

    /// How many bytes they bring into a message, as far as that is known.
    package var size: Int {
        stand.withLock { if case .ready(let attachments) = $0 { attachments.size } else { 0 } }
    }

    /// The attachments; nil if they are being made, and whoever waits is woken when they are there.
    ///
    /// - Throws: why they could not be made; asked again, it is tried again.
    package func take() throws(SystemError) -> EncodedAttachments? {
        let found = stand.withLock { stand in
            let found = stand
            switch found {
            case .absent: stand = .underWay
            case .failed: stand = .absent
            case .underWay, .ready: break
            }
            return found
        }
        switch found {
        case .ready(let attachments):
            wanted.withLock { $0 = false }
            return attachments
        case .failed(let error):
            wanted.withLock { $0 = false }
            throw error
        case .underWay: return nil
        case .absent:
            wanted.withLock { $0 = true }
            beside { [self] in
                do throws(SystemError) {
                    let made = try make()
                    stand.withLock { $0 = .ready(made) }
                } catch {
                    stand.withLock { $0 = .failed(error) }
                }
            }
            return nil
        }
    }

    /// Lets go of them until a message wants them. What has been asked for and not taken since is let go of by the next
    /// call: whoever asked has had his turn between the two.
    package func drop() {
        guard case .underWay = stand.withLock({ $0 }) else {
            let wasAwaited = wanted.withLock { wanted in
                defer { wanted = false }
                return wanted
            }
            if wasAwaited { return }
            stand.withLock { stand in
                if case .ready(let attachments) = stand, attachments.size > 0 { stand = .absent }
            }
            return
        }
    }
}
