import Foundation
@testable import SpoolMail
@testable import SpoolMailing
@testable import SpoolSchedule
@testable import TestSupport
import Testing

/// Lists as the programs write them that people keep their addresses in.
@Suite struct ExportedListTests {
    struct Export: Sendable, CustomTestStringConvertible {
        var program: String
        var text: String
        var field: String
        var value: String
        var testDescription: String { program }
    }

    static let exports = [
        Export(
            program: "Excel, German, CSV UTF-8",
            text:
                "\u{FEFF}Vorname;E-Mail;Notiz\r\nÅsa;asa@example.org;\"2,5; na ja\"\r\n;;\r\nBo;bo@example.org\r\n",
            field: "Vorname", value: "Åsa"),
        Export(
            program: "Excel, rows whose last cells are empty beyond the sixteenth",
            text: "email,name,note\r\nasa@example.org,Asa,\r\nbo@example.org,Bo\r\n", field: "name",
            value: "Asa"),
        Export(
            program: "Excel, with a column that was emptied",
            text: "email,name\r\nasa@example.org,Asa,\r\nbo@example.org,Bo,,\r\n", field: "name", value: "Asa"
        ),
        Export(
            program: "Excel, saved again by another program",
            text: "\"sep=;\"\r\nemail;name\r\nasa@example.org;Asa\r\nbo@example.org;Bo\r\n", field: "name",
            value: "Asa"),
        Export(
            program: "LibreOffice, all text quoted",
            text: "\"Name\",\"Courriel\"\n\"Berg, Asa\",\"asa@example.org\"\n\"Bo\",\"bo@example.org\"\n",
            field: "name",
            value: "Berg, Asa"),
        Export(
            program: "Google Contacts",
            text:
                "First Name,Last Name,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value\n"
                + "Asa,Berg,* myContacts,* Other,asa@example.org,Work,asa2@example.org\nBo,,,,bo@example.org,,\n",
            field: "First Name", value: "Asa"),
        Export(
            program: "Google Contacts, as before 2024",
            text:
                "Name,Given Name,Family Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Value\n"
                + "Asa Berg,Asa,Berg,* My Contacts,* Home,asa@example.org,\nBo,Bo,,,,bo@example.org,\n",
            field: "Given Name", value: "Asa"),
        Export(
            program: "Outlook",
            text:
                "\"Title\",\"First Name\",\"E-mail Address\",\"E-mail Type\",\"E-mail Display Name\",\"E-mail 2 Address\"\r\n"
                + "\"\",\"Asa\",\"asa@example.org\",\"SMTP\",\"Asa Berg\",\"\"\r\n,\"Bo\",\"bo@example.org\"\r\n",
            field: "First Name", value: "Asa"),
        Export(
            program: "Outlook, German",
            text: "Anrede;Vorname;E-Mail-Adresse;E-Mail-Typ;E-Mail: Angezeigter Name;E-Mail 2: Adresse\r\n"
                + ";Asa;asa@example.org;SMTP;Asa;\r\n;Bo;bo@example.org;SMTP;Bo;bo2@example.org\r\n",
            field: "Vorname", value: "Asa"),
        Export(
            program: "Outlook, Swedish",
            text: "\u{FEFF}Titel;Förnamn;E-postadress;E-posttyp;Visningsnamn för e-post;E-post 2 Adress\r\n"
                + ";Åsa;asa@example.org;SMTP;Åsa Öberg;\r\n;Bo;bo@example.org;SMTP;Bo;\r\n",
            field: "Förnamn", value: "Åsa"),
        Export(
            program: "Outlook, French",
            text: "Prénom,Nom,Adresse de messagerie,Type de messagerie\r\nAsa,Berg,asa@example.org,SMTP\r\n"
                + "Bo,,bo@example.org,SMTP\r\n", field: "Prénom", value: "Asa"),
        Export(
            program: "Mailchimp",
            text: "\"Email Address\",\"First Name\",Address,MEMBER_RATING,TAGS\n"
                + "asa@example.org,Asa,\"Street 1  Town\",2,\"\"\"news\"\",\"\"club\"\"\"\nbo@example.org,Bo,,2,\n",
            field: "TAGS", value: "\"news\",\"club\""),
        Export(
            program: "Thunderbird",
            text: "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Screen Name\r\n"
                + "Asa,Berg,Asa Berg,,asa@example.org,asa2@example.org,\r\nBo,,Bo,,bo@example.org,,\r\n",
            field: "Display Name", value: "Asa Berg"),
        Export(
            program: "Thunderbird, German, tab-separated",
            text: "Vorname\tNachname\tAnzeigename\tPrimäre E-Mail-Adresse\tSekundäre E-Mail-Adresse\n"
                + "Asa\tBerg\tAsa Berg\tasa@example.org\t\nBo\t\tBo\tbo@example.org\t\n",
            field: "Anzeigename", value: "Asa Berg"),
        Export(
            program: "a form whose columns are questions",
            text:
                "Zeitstempel,Wie heißt du?,Wohin dürfen wir dir schreiben?\n2026-01-01,Asa,asa@example.org\n"
                + "2026-01-02,Bo,bo@example.org\n", field: "Zeitstempel", value: "2026-01-01"),
    ]

    @Test(arguments: exports) func `what a program exports is read as it was meant`(export: Export) throws {
        let list = try ListFixture("l.csv", export.text.utf8).load()
        #expect(try list.addresses() == ["asa@example.org", "bo@example.org"])
        #expect(list.summary.rows == 2)
        #expect(try list.recipient(at: 0).value(of: VariableName(export.field)) == export.value)
    }

    @Test(arguments: [
        (
            "Vorname;E-Mail\r\nÅsa;asa@example.org\r\n", String.Encoding.windowsCP1252,
            "line 2 is not UTF-8 (byte 0xC5)"
        ),
        ("Vorname\tE-Mail\r\nÅsa\tasa@example.org\r\n", .utf16, "line 1 is UTF-16, not UTF-8"),
        ("Vorname\tE-Mail\r\nÅsa\tasa@example.org\r\n", .utf16BigEndian, "line 1 is UTF-16, not UTF-8"),
    ]) func `another encoding is named, with the command that converts it`(
        text: String, encoding: String.Encoding, reason: String
    ) throws {
        let bytes = try #require(text.data(using: encoding))
        let problem = try #require(try ListFixture("l.csv", bytes).problems().first)
        #expect(problem.message == "l.csv: \(reason)" && problem.hint.contains("iconv -f "))
    }
}
