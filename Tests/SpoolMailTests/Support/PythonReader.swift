import Foundation

/// What Python's email package (policy `default`) finds in a message.
struct PythonMessage: Decodable {
    struct Address: Decodable, Equatable {
        let name: String
        let address: String
    }

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
    let from: [Address]
    let to: [Address]
    let replyTo: [Address]
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
        process.arguments = ["python3", "-c", script, folder.path, "\(messages.count)"]
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

    private static let script = """
        import sys, json, base64, email
        from email import policy

        def addresses(field):
            if field is None: return []
            return [{"name": a.display_name, "address": a.addr_spec} for a in field.addresses]

        def structure(part):
            if not part.is_multipart(): return part.get_content_type()
            return part.get_content_subtype() + "(" + ", ".join(structure(p) for p in part.iter_parts()) + ")"

        def read(path):
            with open(path, "rb") as file:
                message = email.message_from_binary_file(file, policy=policy.default)
            defects, files = [], []
            for part in message.walk():
                defects += [type(d).__name__ + " " + str(d) for d in part.defects]
                for name, value in part.items():
                    defects += [name + ": " + type(d).__name__ + " " + str(d) for d in value.defects]
                if part.get_content_disposition() is not None:
                    files.append({"name": part.get_filename(), "type": part.get_content_type(),
                        "disposition": part.get_content_disposition(), "contentID": part["Content-ID"],
                        "base64": base64.b64encode(part.get_payload(decode=True)).decode()})
            plain = message.get_body(("plain",))
            html = message.get_body(("html",))
            return {"defects": defects, "fieldNames": message.keys(),
                "fields": {n: str(v) for n, v in message.items()},
                "from": addresses(message["From"]), "to": addresses(message["To"]),
                "replyTo": addresses(message["Reply-To"]),
                "text": plain and plain.get_content(), "html": html and html.get_content(),
                "files": files, "structure": structure(message)}

        json.dump([read(f"{sys.argv[1]}/{i}.eml") for i in range(int(sys.argv[2]))], sys.stdout)
        """
}
