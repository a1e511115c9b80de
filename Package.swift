// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// Glibc hides renameat2, memfd_create, statx and pipe2 from Swift unless the importer defines this.
let gnu: [SwiftSetting] = [.unsafeFlags(["-Xcc", "-D_GNU_SOURCE"])]

/// A room of the house, and all that it may import. What is not named here is out of its reach: Tests/run.sh builds with
/// the check of imports that makes it so. Sources/Manual/Architecture.md draws the picture.
func room(
    _ name: String, _ dependencies: [Target.Dependency] = [], _ settings: [SwiftSetting] = []
) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict + settings)
}

/// A command: its options are its room's, and it is linked by the toolchain's own linker, which other than the system's
/// does not warn of functions in Foundation that nothing calls.
func program(_ name: String, _ room: Target.Dependency) -> Target {
    .executableTarget(
        name: name, dependencies: [room, "SpoolConsole"], swiftSettings: strict,
        linkerSettings: [.unsafeFlags(["-use-ld=lld"])])
}

/// The tests of a room, and what they need besides.
func tests(
    of room: String, _ dependencies: [Target.Dependency] = [], _ settings: [SwiftSetting] = [],
    excluding excluded: [String] = []
) -> Target {
    .testTarget(
        name: room + "Tests", dependencies: [.byName(name: room), "TestSupport"] + dependencies,
        exclude: excluded,
        swiftSettings: strict + settings)
}

let package = Package(
    name: "spool",
    products: [
        .executable(name: "spool-tick", targets: ["spool-tick"]),
        .executable(name: "spool-status", targets: ["spool-status"]),
        .executable(name: "spool-check", targets: ["spool-check"]),
        .executable(name: "spool-returns", targets: ["spool-returns"]),
    ],
    targets: [
        room("SpoolText"),
        room("SpoolSystem", [], gnu),
        room("SpoolWriting", ["SpoolSystem"], gnu),
        room("SpoolMail", ["SpoolText"]),
        room("SpoolReturnedMail", ["SpoolText", "SpoolMail"]),
        room("SpoolSchedule", ["SpoolText"]),
        room("SpoolMailing", ["SpoolText", "SpoolSystem", "SpoolMail", "SpoolSchedule"]),
        room("SpoolStore", ["SpoolText", "SpoolSystem", "SpoolMail", "SpoolSchedule", "SpoolMailing"]),
        room("SpoolStatistics", ["SpoolSystem", "SpoolSchedule", "SpoolMailing", "SpoolStore"]),
        room("SpoolExamine", ["SpoolSystem", "SpoolMail", "SpoolSchedule", "SpoolMailing", "SpoolStore"]),
        room("SpoolConsole", ["SpoolText", "SpoolSystem", "SpoolWriting", "SpoolMail", "SpoolSchedule"]),
        room(
            "SpoolTransport",
            [
                "SpoolSystem", "SpoolWriting", "SpoolMail", "SpoolSchedule", "SpoolMailing", "SpoolStore",
                "SpoolExamine",
            ]),
        room(
            "SpoolDelivery",
            [
                "SpoolText", "SpoolSystem", "SpoolWriting", "SpoolMail", "SpoolSchedule", "SpoolMailing",
                "SpoolStore", "SpoolTransport",
            ]),
        room(
            "SpoolTick",
            [
                "SpoolText", "SpoolSystem", "SpoolWriting", "SpoolMail", "SpoolSchedule", "SpoolMailing",
                "SpoolStore", "SpoolStatistics", "SpoolExamine", "SpoolConsole", "SpoolTransport",
                "SpoolDelivery",
            ]),
        room(
            "SpoolStatus",
            [
                "SpoolText", "SpoolSystem", "SpoolMail", "SpoolSchedule", "SpoolMailing", "SpoolStore",
                "SpoolStatistics", "SpoolExamine", "SpoolConsole",
            ]),
        room(
            "SpoolCheck",
            [
                "SpoolText", "SpoolSystem", "SpoolMail", "SpoolSchedule", "SpoolMailing", "SpoolStore",
                "SpoolExamine", "SpoolConsole", "SpoolTransport",
            ]),
        room(
            "SpoolReturns",
            [
                "SpoolText", "SpoolSystem", "SpoolWriting", "SpoolMail", "SpoolReturnedMail", "SpoolSchedule",
                "SpoolMailing", "SpoolStore", "SpoolExamine", "SpoolConsole",
            ]),
        program("spool-tick", "SpoolTick"),
        program("spool-status", "SpoolStatus"),
        program("spool-check", "SpoolCheck"),
        program("spool-returns", "SpoolReturns"),
        .target(
            name: "TestSupport",
            dependencies: [
                "SpoolSystem", "SpoolWriting", "SpoolMail", "SpoolSchedule", "SpoolMailing", "SpoolStore",
                "SpoolStatistics", "SpoolTransport", "SpoolDelivery",
            ], path: "Tests/TestSupport", swiftSettings: strict),
        tests(of: "SpoolText"),
        tests(of: "SpoolSystem", [], gnu),
        tests(of: "SpoolWriting", ["SpoolSystem"], gnu),
        tests(of: "SpoolMail", excluding: ["Golden"]),
        tests(of: "SpoolReturnedMail", ["SpoolMail"], excluding: ["Corpus"]),
        tests(of: "SpoolSchedule", ["SpoolText"]),
        tests(of: "SpoolMailing", ["SpoolSystem", "SpoolMail", "SpoolSchedule"]),
        tests(of: "SpoolStore", ["SpoolSystem", "SpoolMail", "SpoolSchedule", "SpoolMailing"]),
        tests(of: "SpoolStatistics", ["SpoolSystem", "SpoolSchedule", "SpoolMailing", "SpoolStore"]),
        tests(of: "SpoolConsole", ["SpoolSystem", "SpoolSchedule"]),
        tests(of: "SpoolTransport", ["SpoolSystem", "SpoolWriting", "SpoolMail", "SpoolMailing"]),
        tests(
            of: "SpoolDelivery",
            [
                "SpoolSystem", "SpoolWriting", "SpoolMail", "SpoolSchedule", "SpoolMailing", "SpoolStore",
                "SpoolTransport",
            ]),
        tests(
            of: "SpoolTick",
            [
                "SpoolSystem", "SpoolWriting", "SpoolMail", "SpoolSchedule", "SpoolMailing", "SpoolStore",
                "SpoolStatistics", "SpoolExamine", "SpoolConsole", "SpoolTransport", "SpoolDelivery",
            ],
            excluding: ["Golden"]),
        tests(
            of: "SpoolStatus",
            [
                "SpoolText", "SpoolSystem", "SpoolMail", "SpoolSchedule", "SpoolMailing", "SpoolStore",
                "SpoolStatistics",
                "SpoolConsole",
            ],
            excluding: ["Golden"]),
        tests(
            of: "SpoolCheck",
            [
                "SpoolSystem", "SpoolMail", "SpoolSchedule", "SpoolMailing", "SpoolStore", "SpoolExamine",
                "SpoolConsole",
            ],
            excluding: ["Golden"]),
        tests(
            of: "SpoolReturns",
            [
                "SpoolSystem", "SpoolMail", "SpoolReturnedMail", "SpoolSchedule", "SpoolMailing",
                "SpoolStore",
                "SpoolConsole",
            ]),
        .testTarget(name: "ManualTests", swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["spool-tick", "spool-status", "spool-check", "spool-returns"],
            exclude: ["Programs"], swiftSettings: strict),
    ]
)
