internal import SpoolSystem
internal import SpoolText

/// Data for standard output, and words for a person on standard error.
package enum Output {
    /// Prints a text; a full disk or a closed pipe is an error of the disk, which the command says.
    package static func print(_ text: String, as command: String) -> ExitStatus {
        print(Array(text.utf8), as: command)
    }

    /// Prints bytes as they are.
    package static func print(_ bytes: [UInt8], as command: String) -> ExitStatus {
        do {
            try StandardStream.output.write(bytes)
            return .ok
        } catch {
            say("\(error)", as: command)
            return .ioError
        }
    }

    /// Says something to a person, with the command's name before it.
    package static func say(_ text: String, as command: String) {
        // Nobody can be told that standard error does not work.
        try? StandardStream.error.write(line(text, command))
    }

    /// Says something to a person if it can be said within a time; whether it was. Where standard error does not work at
    /// all nobody will ever hear it, and it counts as said.
    package static func say(_ text: String, as command: String, within microseconds: Int64) -> Bool {
        (try? StandardStream.error.write(line(text, command), within: microseconds)) ?? true
    }

    private static func line(_ text: String, _ command: String) -> String {
        "\(command): \(PlainText.clean(text))\n"
    }
}
