"""Reads the messages in files with Python's email package (policy default); prints what it finds as JSON."""
import sys, json, base64, email
from email import policy

def addresses(field):
    if field is None: return []
    return [{"name": a.display_name, "address": a.addr_spec} for a in field.addresses]

def structure(part):
    if not part.is_multipart(): return part.get_content_type()
    return part.get_content_subtype() + "(" + ", ".join(structure(p) for p in part.iter_parts()) + ")"

# A name in encoded words, beside one as RFC 2231 has it: RFC 2047, 5 forbids it, and old readers know nothing else.
FOR_OLD_READERS = ("encoded word inside quoted string", "missing trailing whitespace after encoded-word")

def read(path):
    with open(path, "rb") as file:
        message = email.message_from_binary_file(file, policy=policy.default)
    defects, files = [], []
    for part in message.walk():
        defects += [type(d).__name__ + " " + str(d) for d in part.defects]
        for name, value in part.items():
            defects += [name + ": " + type(d).__name__ + " " + str(d) for d in value.defects
                if not (name == "Content-Type" and str(d) in FOR_OLD_READERS)]
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

json.dump([read(path) for path in sys.argv[1:]], sys.stdout)
