import Foundation

/// A mailbox as a reader of messages gives it.
struct ReadAddress: Decodable, Equatable {
    let name: String
    let address: String
}

/// What Python's email package (policy `default`) finds in a message.
struct PythonMessage: Decodable {
    struct File: Decodable, Equatable {
        let name: String?
        let type: String
        let disposition: String?
        let contentID: String?
        let base64: String
    }

    let defects: [String]
    let fieldNames: [String]
    let fields: [String: String]
    let from: [ReadAddress]
    let to: [ReadAddress]
    let replyTo: [ReadAddress]
    let text: String?
    let html: String?
    let files: [File]
    let structure: String
}

enum PythonReader {
    struct Failed: Error {
        let output: String
    }

    /// Lets one Python process read all of the messages.
    static func read(_ messages: [[UInt8]]) throws -> [PythonMessage] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("spool-mail-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (index, message) in messages.enumerated() {
            try Data(message).write(to: folder.appendingPathComponent("\(index).eml"))
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["python3", script.path] + messages.indices.map { "\(folder.path)/\($0).eml" }
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failed(output: String(decoding: data, as: UTF8.self))
        }
        return try JSONDecoder().decode([PythonMessage].self, from: data)
    }

    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("EndToEndTests/Programs/read-mail.py")
}
