import Foundation
import Glibc
import Synchronization

/// How long the machine itself takes, all the while, for about what a delivery costs: a line on the disk, and a program.
///
/// Two cores that are busy otherwise, or a slow disk, must not be taken for a tick that stands.
final class MachineLoad: Sendable {
    /// A stretch of time that was spent so, on the clock of ``monotonicNanoseconds()``.
    private struct Probe {
        let start: Int
        let end: Int
    }

    private let probes = Mutex<[Probe]>([])
    private let isEnding = Atomic(false)

    /// Begins to measure.
    init() throws {
        let directory = try TemporaryDirectory()
        let thread = Thread { [self] in
            while !isEnding.load(ordering: .relaxed) {
                let start = monotonicNanoseconds()
                MachineLoad.probe(in: directory)
                let end = monotonicNanoseconds()
                probes.withLock { $0.append(Probe(start: start, end: end)) }
                usleep(50_000)
            }
        }
        thread.start()
    }

    /// Ends the measuring.
    func end() { isEnding.store(true, ordering: .relaxed) }

    private static func probe(in directory: TemporaryDirectory) {
        let file = open(directory.path + "/line", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        _ = write(file, "line\n", 5)
        fsync(file)
        close(file)
        _ = try? Run.start("/bin/true").wait()
    }

    /// The seconds between two moments in which the machine was busy with the probes.
    func seconds(from start: Int, to end: Int) -> Double {
        let busy = probes.withLock { probes in
            probes.reduce(0) { $0 + max(0, min($1.end, end) - max($1.start, start)) }
        }
        return Double(busy) / 1e9
    }
}
