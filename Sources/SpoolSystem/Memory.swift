internal import Glibc

/// How this process gets its memory.
package enum Memory {
    /// Keeps it to what is in use (mallopt(3)): else each thread has 64 MiB of addresses of its own, and what was once
    /// needed for a large document is kept for ever. With another C library than Glibc nothing happens.
    package static func keepSmall() {
        // No header that Swift knows declares it.
        guard let place = dlsym(nil, "mallopt") else { return }
        let set = unsafeBitCast(place, to: (@convention(c) (Option.RawValue, Int32) -> Int32).self)
        _ = set(Option.arenas.rawValue, 1)
        _ = set(Option.ownBlock.rawValue, 1 << 20)
        _ = set(Option.spare.rawValue, 4 << 20)
    }

    /// Options as malloc.h numbers them.
    private enum Option: Int32 {
        /// M_ARENA_MAX: how many threads have addresses of their own.
        case arenas = -8
        /// M_MMAP_THRESHOLD: from this size on a block is the system's own, and goes back when it is dropped.
        case ownBlock = -3
        /// M_TRIM_THRESHOLD: more than this at the end of the heap goes back.
        case spare = -1
    }
}
