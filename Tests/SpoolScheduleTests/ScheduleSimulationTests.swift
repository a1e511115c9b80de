import Testing

struct ScheduleSimulationTests {
    /// Never early, never outside a window, never above a rate in any span of its unit, never idle while
    /// something may be sent, nobody forgotten, nobody failed by an outage of an hour, and turns are shared.
    @Test(arguments: 0..<8)
    func `random spools over weeks keep every rule`(part: Int) throws {
        let zones = try [
            "UTC", "Europe/Stockholm", "America/New_York", "Australia/Lord_Howe",
        ].map(installedZone)
        var messages = 0
        for seed in UInt64(part * 150)..<UInt64(part * 150 + 150) {
            var simulation = Simulation(seed: seed, zones: zones)
            simulation.run()
            messages += simulation.messages
            if !simulation.violations.isEmpty {
                Issue.record("seed \(seed): \(simulation.violations.joined(separator: "\n"))")
                return
            }
        }
        #expect(messages > 5000)
    }
}
