/// One element of a small XML document, such as S3's listings and errors; attributes, comments and declarations are
/// skipped, prefixes of names dropped.
struct XMLElement {
    let name: String
    private(set) var text = ""
    private(set) var children: [XMLElement] = []

    func child(_ name: String) -> XMLElement? { self.children.first { $0.name == name } }

    /// The document's root; `nil` when it is not whole or not XML.
    init?(parsing bytes: [UInt8]) {
        guard let document = String(validating: bytes, as: UTF8.self) else { return nil }
        var scanner = XMLScanner(document)
        // Elements that are open, the root first.
        var open: [XMLElement] = []
        while let token = scanner.next() {
            switch token {
            case .start(let name):
                guard open.count < Self.greatestDepth else { return nil }
                open.append(XMLElement(name: name))
            case .text(let text):
                guard !open.isEmpty else { continue }
                open[open.count - 1].text += text
            case .end(let name):
                guard let element = open.popLast(), element.name == name else { return nil }
                guard !open.isEmpty else {
                    self = element
                    return
                }
                open[open.count - 1].children.append(element)
            case .malformed: return nil
            }
        }
        return nil
    }

    private init(name: String) {
        self.name = name
    }

    private static let greatestDepth = 32
}
