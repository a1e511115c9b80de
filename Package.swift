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

let package = Package(
    name: "spool",
    products: [
        .executable(name: "spool-tick", targets: ["spool-tick"]),
        .executable(name: "spool-status", targets: ["spool-status"]),
        .executable(name: "spool-check", targets: ["spool-check"]),
    ],
    targets: [
        .target(name: "SpoolSystem", swiftSettings: strict + gnu),
        .target(name: "SpoolMail", swiftSettings: strict),
        .target(name: "Spool", dependencies: ["SpoolSystem", "SpoolMail"], swiftSettings: strict),
        .executableTarget(name: "spool-tick", dependencies: ["Spool"], swiftSettings: strict),
        .executableTarget(name: "spool-status", dependencies: ["Spool"], swiftSettings: strict),
        .executableTarget(name: "spool-check", dependencies: ["Spool"], swiftSettings: strict),
        .testTarget(
            name: "SpoolSystemTests", dependencies: ["SpoolSystem"], swiftSettings: strict + gnu),
        .testTarget(
            name: "SpoolMailTests", dependencies: ["SpoolMail"], exclude: ["Golden"],
            swiftSettings: strict),
        .testTarget(
            name: "SpoolTests", dependencies: ["Spool"], exclude: ["Golden"], swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests", dependencies: ["Spool", "spool-tick", "spool-status", "spool-check"],
            exclude: ["Programs"], swiftSettings: strict),
    ]
)
