internal import Glibc

/// Groups of users, as the machine knows them and as this process has them.
extension ProcessTable {
    /// The number of a group; nil if there is none of that name (getgrnam_r(3)).
    package static func groupID(named name: String) -> UInt32? {
        entry {
            getgrnam_r(name, $0, $1, $2, $3)
        } read: {
            $0.gr_gid
        }
    }

    /// The name of a group; nil if there is none of that number (getgrgid_r(3)).
    package static func groupName(_ id: UInt32) -> String? {
        entry {
            getgrgid_r(id, $0, $1, $2, $3)
        } read: {
            $0.gr_name.map { String(cString: $0) }
        } ?? nil
    }

    /// Whether this process acts for a group, of which its user may have become a member only after logging in
    /// (getgroups(2)).
    package static func isMember(of group: UInt32) -> Bool {
        if getegid() == group { return true }
        var groups = [gid_t](repeating: 0, count: max(0, Int(getgroups(0, nil))))
        let count = getgroups(Int32(groups.count), &groups)
        return groups.prefix(max(0, Int(count))).contains(group)
    }

    /// The bits that a new file of this process's does not get (umask(2)).
    ///
    /// It can only be read by being set: nothing else may make a file meanwhile.
    package static func fileModeMask() -> UInt32 {
        let mask = umask(0o077)
        umask(mask)
        return mask
    }

    /// An entry of the machine's list of groups: one with very many members needs much room.
    private static func entry<Value>(
        _ find: (
            UnsafeMutablePointer<group>, UnsafeMutablePointer<CChar>, Int,
            UnsafeMutablePointer<UnsafeMutablePointer<group>?>
        ) -> Int32, read: (group) -> Value
    ) -> Value? {
        var room = 16384
        while room <= 1 << 24 {
            var buffer = [CChar](repeating: 0, count: room)
            var entry = group()
            var found: UnsafeMutablePointer<group>?
            let error = find(&entry, &buffer, room, &found)
            if error != ERANGE { return error == 0 && found != nil ? read(entry) : nil }
            room *= 8
        }
        return nil
    }
}
