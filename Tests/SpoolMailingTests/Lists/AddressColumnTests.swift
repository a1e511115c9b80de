@testable import SpoolMail
@testable import SpoolMailing
import Testing

@Suite struct AddressColumnTests {
    /// The columns that a list is found to have, through windows as small as possible and through a large one.
    static func read(_ text: String) throws -> (columns: FieldNames, guessed: String?) {
        var readers: [RecordReader] = []
        for size in [1, 4096] {
            readers.append(try RecordReader(.memory(Array(text.utf8)), kind: .csv, windowSize: size))
        }
        #expect(readers[0].guessedColumn == readers[1].guessedColumn)
        guard case .csv(let format) = readers[1].format, let columns = format.columns else {
            throw RecordMistake(reason: "no columns", hint: "")
        }
        return (columns, readers[1].guessedColumn)
    }

    @Test(arguments: [
        "email", "E-Mail", "address", "ADRESS", "E-post", " Email ", "Email Address", "E-Mail-Adresse",
        "Mail",
        "Courriel", "Adresse e-mail", "Adresse de messagerie", "ADRESSE ÉLECTRONIQUE", "Correo electrónico",
        "correo_electronico", "Dirección de correo electrónico", "E-mailadres", "E-postadress",
        "e-postadresse",
        "E-mailadresse", "Sähköposti", "Sa\u{308}hko\u{308}postiosoite", "E-mail 1 - Value", "user_email",
        "Primary Email", "Primär e-post", "Email Address [Required]", "EMAIL", "E-mail Address",
    ]) func `the column of the addresses goes by many names`(name: String) throws {
        // The other column holds addresses as well, and is none of them.
        let found = try Self.read("x;\(name)\nv@b.c;a@b.c\nw@b.c;z@b.c\n")
        #expect(found.columns.address == 1 && found.guessed == nil)
    }

    @Test(arguments: [
        ("Kontakt,Ort\na@b.cd,X\n", 0, "Kontakt"),
        ("Ort,Erreichbar unter\nX,Bo <a@b.cd>\nY,\n", 1, "Erreichbar unter"),
        // Notes may name an address.
        ("Note,Reach\nsee v@b.cd,a@b.cd\nx,b@b.cd\n", 1, "Reach"),
        ("Name;Kontakt\nA;a@b.cd\nB;x\nC;c@b.cd\n", 1, "Kontakt"), ("A,\nx,a@b.cd\n", 1, "column 2"),
        // A street's address beside a mail address of an unknown name.
        ("Address,Elektropost\nMain St 1,a@b.cd\n", 1, "Elektropost"),
        ("Kontakt\na@b.cd\n", 0, "Kontakt"),
    ]) func `a column of another name is found by what it holds`(text: String, column: Int, name: String)
        throws
    {
        let found = try Self.read(text)
        #expect(found.columns.address == column && found.guessed == name)
    }

    @Test func `of several columns with a known name the one that holds addresses is taken`() throws {
        let found = try Self.read("Mail,E-Mail\nyes,a@b.cd\nno,b@b.cd\n")
        #expect(found.columns.address == 1 && found.guessed == nil)
    }

    @Test func `the rows that show it may lie beyond the first read`() throws {
        let note = String(repeating: "x", count: 9000)
        let text = "Note,Reach\n" + (0..<30).map { "\(note),\($0 < 3 ? "" : "a\($0)@b.cd")\n" }.joined()
        #expect(try Self.read(text).guessed == "Reach")
    }

    @Test(arguments: [
        ("Elektro-Mail,a\nx,1\n", "\"Elektro-Mail\" looks right: call it email if it holds the addresses"),
        ("Reach,a\na at b@c,1\n", "\"Reach\" looks right: call it email if it holds the addresses"),
        (
            "x,y\n1,2\n",
            "write the names of the columns into the first row, and call the one with the addresses email"
        ),
    ]) func `where none is found, the error names what looks right`(text: String, hint: String) {
        let failure = #expect(throws: ListFailure.self) { try Self.read(text) }
        guard case .mistake(1, let mistake) = failure else {
            Issue.record("no mistake")
            return
        }
        #expect(mistake.hint == hint)
    }

    @Test func `a street address beside a mail address is a field, and that is said`() throws {
        let reader = try RecordReader(.memory(Array("Address,Email\nMain St 1,a@b.c\n".utf8)), kind: .csv)
        guard case .csv(let format) = reader.format else { return }
        #expect(format.columns?.address == 1)
        #expect(reader.warnings.count == 1)
    }
}
