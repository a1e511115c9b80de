import Foundation
import Glibc

/// Waits until something holds; a test that waits in vain has failed.
func eventually(
    _ what: String, within seconds: Double = 30, _ condition: () throws -> Bool
) throws {
    let deadline = Date.now.addingTimeInterval(seconds)
    while try !condition() {
        if Date.now > deadline { throw HarnessError("in vain waited for: \(what)") }
        usleep(5000)
    }
}

extension ScratchSpool {
    /// Waits until a running tick has looked at the spool so many times from now on, each time from beginning to end;
    /// a tick that ends before that fails the test.
    func awaitLooks(_ count: Int, of tick: Run) throws {
        // The first thing that a look does is to write its time. One has ended when the next has begun.
        var last = lookTime
        var begun = 0
        try eventually("\(count) looks") {
            let time = lookTime
            if time != last { begun += 1 }
            last = time
            guard begun <= count, !tick.isRunning else { return begun > count }
            throw HarnessError("the tick ended at look \(begun): \(tick.wait())")
        }
    }

    /// What `journal/tick` says; nil before the first look.
    private var lookTime: Data? { FileManager.default.contents(atPath: path + "/journal/tick") }

    /// Waits until everybody whom a mailing's journal has put off is due again.
    func awaitRetries(of name: String) throws {
        var times: [String: Date] = [:]
        for event in try events(of: name) {
            let isPutOff = ["deferred", "in-doubt"].contains(event.event)
            let time = event.rest.prefix { $0 != " " }
            times[event.address] = isPutOff ? try SimulatedTime.date(String(time)) : nil
        }
        try eventually("the retries of \(name)") { times.values.allSatisfy { $0 <= .now } }
    }
}
