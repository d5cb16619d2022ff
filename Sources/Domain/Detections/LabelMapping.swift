/// Which of a model's labels are kept, and what the project calls them.
package struct LabelMapping: Hashable, Sendable, Codable {
    /// A model's label and the project's label for it.
    package struct Pair: Hashable, Sendable, Codable {
        package let model: String
        package let project: String

        package init(model: String, project: String) {
            self.model = model
            self.project = project
        }
    }

    /// In the model's order; empty keeps every label as the model has it.
    package let pairs: [Pair]

    package init(_ pairs: [Pair] = []) {
        self.pairs = pairs
    }

    /// The project's label; `nil` when objects of the model's label are not wanted.
    package subscript(label: String) -> String? {
        guard !self.pairs.isEmpty else { return label }
        return self.pairs.first { $0.model == label }?.project
    }
}
