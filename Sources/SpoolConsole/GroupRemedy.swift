package import SpoolSystem
internal import SpoolText

/// What lets this user at what is closed to him: becoming a member of the group that may.
package enum GroupRemedy {
    /// The group, and the command that makes him a member of it; nil if no group may, or he is in the one that may.
    static func text(for error: SystemError) -> String? {
        guard error.isForbidden, let status = closed(on: error.path),
            status.owner != ProcessTable.effectiveUser, status.group != 0,
            let group = ProcessTable.groupName(status.group), !ProcessTable.isMember(of: status.group)
        else { return nil }
        let needed: UInt32 = status.kind == .directory ? 0o050 : 0o040
        guard status.mode & needed == needed else { return nil }
        return membership(of: ProcessTable.effectiveUser, in: group)
    }

    /// What is wrong, and what lets this user in if anything does.
    package static func adding(to complaint: String, for error: SystemError) -> String {
        text(for: error).map { "\(complaint); \($0)" } ?? complaint
    }

    /// How a user becomes a member of a group, in words and with the command.
    package static func membership(of user: UInt32, in group: String) -> String {
        let user = ProcessTable.userName(user) ?? "#\(user)"
        return
            "it is for the group \(group), and \(user) is not in it: sudo usermod -aG \(group.shellQuoted) "
            + "\(user.shellQuoted), then log in again"
    }

    /// The directory on the way that lets nobody through, else what stands at the end of the path.
    private static func closed(on path: String) -> FileStatus? {
        var path = path[...]
        while true {
            do throws(SystemError) {
                return try FileStatus(ofPath: path.isEmpty ? "." : String(path))
            } catch {
                if !error.isForbidden || path.isEmpty || path == "/" { return nil }
            }
            let slash = path.lastIndex(of: "/")
            path = slash.map { $0 == path.startIndex ? path[...$0] : path[..<$0] } ?? ""
        }
    }
}
