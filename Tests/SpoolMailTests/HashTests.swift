@testable import SpoolMail
import Testing

struct HashTests {
    @Test(arguments: [
        ("", UInt64(0xcbf2_9ce4_8422_2325)), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8),
    ])
    func `FNV-1a of 64 bits gives the values of its authors`(text: String, value: UInt64) {
        var hash = FNV1a<UInt64>()
        hash.add(text.utf8)
        #expect(hash.value == value)
    }

    @Test(arguments: [
        ("", UInt128(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)),
        ("a", 0xd228_cb69_6f1a_8caf_7891_2b70_4e4a_8964),
        ("foobar", 0x343e_1662_793c_64bf_6f0d_3597_ba44_6f18),
    ])
    func `FNV-1a of 128 bits gives the values of its authors`(text: String, value: UInt128) {
        var hash = FNV1a<UInt128>()
        hash.add(text.utf8)
        #expect(hash.value == value)
    }

    /// A mailing under way must not give its recipients another one after an update.
    @Test func `a Message-ID stays what it was`() {
        let id = MessageID.make(
            mailing: "0123456789abc", address: "åsa@example.org", domain: "example.com")
        #expect(id == "0123456789abc.m648qkjj76eran4vp1fh@example.com")
        #expect(MessageID.make(mailing: "", address: "", domain: "x") == ".t6i303i97uoua6d4br49@x")
    }
}
