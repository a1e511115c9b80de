internal import SpoolConsole
internal import SpoolStore
import SpoolSystem
internal import SpoolText

/// `--init`.
extension Tick {
    /// The config.json of a new spool.
    static let defaultConfiguration = """
        {
          "delivery": { "via": "sendmail" }
        }

        """

    /// Makes a spool, and says what to do next; touches nothing that exists.
    ///
    /// - Parameter groupName: the group of the people who share it, if any.
    static func makeSpool(at path: String, group groupName: String?) -> ExitStatus {
        do throws(CommandFailure) {
            let group = try groupName.map { name throws(CommandFailure) in try self.group(named: name) }
            let others = try make(at: path, group: group, named: groupName).get()
            for line in sharing(others, of: path, with: groupName ?? "") {
                Output.say(line, as: TickCommand.name)
            }
        } catch {
            return error.say(as: TickCommand.name)
        }
        let whole = (try? Directory(path: path))?.absolutePath ?? path
        return Output.print(
            nextSteps(
                at: whole, tick: ProcessTable.neighbour(TickCommand.name) ?? TickCommand.name,
                user: ProcessTable.userName(ProcessTable.effectiveUser) ?? "its owner", group: groupName),
            as: TickCommand.name)
    }

    /// Makes what is missing, if this user may; returns what was there and is not the group's.
    private static func make(
        at path: String, group: UInt32?, named groupName: String?
    ) -> Result<[SharedPart], CommandFailure> {
        do throws(SystemError) {
            if let refusal = try SpoolDirectory.refusal(toMakeAt: path, for: ProcessTable.effectiveUser) {
                return .failure(failure(refusal, path: path))
            }
            let configuration = Array(defaultConfiguration.utf8)
            guard let group else {
                try SpoolDirectory.make(at: path, configuration: configuration)
                return .success([])
            }
            return .success(try SpoolDirectory.make(at: path, configuration: configuration, group: group))
        } catch {
            return .failure(makingFailure(error, at: path, group: groupName))
        }
    }

    /// The number of a group that this user can give files to.
    private static func group(named name: String) throws(CommandFailure) -> UInt32 {
        guard let group = ProcessTable.groupID(named: name) else {
            throw CommandFailure(
                "there is no group \(name.quoted); make it with: sudo groupadd \(name.shellQuoted)", .usage)
        }
        if ProcessTable.effectiveUser != 0, !ProcessTable.isMember(of: group) {
            let remedy = GroupRemedy.membership(of: ProcessTable.effectiveUser, in: name)
            throw CommandFailure("nothing was made: \(remedy)", .noPermission)
        }
        return group
    }

    /// What a person does next with a new spool.
    static func nextSteps(at path: String, tick: String, user: String, group: String?) -> String {
        let cron = ShellCommand(tick, operand: path, isEveryMinute: true).text()
        var text = """
            \(PlainText.clean(path)) is ready.

            The tick, every minute: run crontab -e as \(user), and add the line

            \(cron)

            A first mailing:

              cd \(path.shellOperand)
              spool-check --new files/first.json  # a document, a list and a text: edit them
              spool-check files/first.json        # what will go out, and what is wrong with it
              cp files/first.json scheduled/      # goes out with the next tick
              spool-status


            """
        if let group {
            text += """
                For the members of the group \(group):

                  sudo usermod -aG \(group.shellQuoted) USER  # makes USER one, from the next login on
                  umask 0007  # in ~/.profile of each: so all may read and edit what one of them drops
                  cp          # and not mv, from one's home: what is moved stays with its old group


                """
        }
        return text
    }

    /// What to do for a group about the parts that were there before it; nothing if they are its own.
    static func sharing(_ parts: [SharedPart], of path: String, with group: String) -> [String] {
        Dictionary(grouping: parts, by: \.mode).sorted { $0.key < $1.key }.map { mode, parts in
            let paths = parts.map { ($0.name == "." ? path : "\(path)/\($0.name)").shellQuoted }
                .joined(separator: " ")
            let isWhole = parts.contains { $0.isDirectory && $0.name != "." }
            let names = parts.map { $0.name == "." ? path : $0.name }.joined(separator: ", ")
            return
                "\(names) \(parts.count == 1 ? "was" : "were") there and not touched; for the group: "
                + "sudo chgrp \(isWhole ? "-R " : "")\(group.shellQuoted) \(paths) && "
                + "sudo chmod \(String(mode, radix: 8)) \(paths)"
        }
    }

    /// Says why a spool cannot be made, and what can be done.
    static func makingFailure(_ error: SystemError, at path: String, group: String? = nil) -> CommandFailure {
        let parts = SplitPath(path)
        let found = (try? Directory(path: parts.directory).status(of: parts.name)) ?? nil
        if let kind = found?.kind, kind != .directory, kind != .symbolicLink {
            return CommandFailure("\(path) is \(kind.name); name a directory for the spool", .cannotCreate)
        }
        if error.isForbidden {
            let user = ProcessTable.userName(ProcessTable.effectiveUser)
            let owner =
                (user?.shellQuoted ?? "\"$USER\"") + (group.map { " -g \($0.shellQuoted) -m 750" } ?? "")
            let remedy =
                found == nil
                ? "make it with: sudo install -d -o \(owner) \(path.shellQuoted), and run this again"
                : "run this as the user to whom it belongs"
            return CommandFailure("\(error.path) cannot be made: \(error.reason); \(remedy)", .noPermission)
        }
        if error.isMissing {
            return CommandFailure(
                "\(error.path) cannot be made there; name a place where directories can be made",
                .cannotCreate)
        }
        return CommandFailure("\(error.path) cannot be made: \(error.reason)", ExitStatus(error))
    }
}
