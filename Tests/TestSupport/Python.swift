package import Foundation

/// Runs a Python program on standard input and gives what it prints.
package func python(_ program: String, input: Data) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", program]
    let inPipe = Pipe()
    let outPipe = Pipe()
    process.standardInput = inPipe
    process.standardOutput = outPipe
    try process.run()
    let writer = inPipe.fileHandleForWriting
    let writing = Thread {
        try? writer.write(contentsOf: input)
        try? writer.close()
    }
    writing.start()
    let output = try outPipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw PythonFailed() }
    return output
}

/// The program did not end with 0.
package struct PythonFailed: Error {}
