/// The messages of KServe's Open Inference Protocol v2 over REST
/// (<https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol>).
enum InferenceMessage {
    /// `GET v2`
    struct Server: Decodable {
        let extensions: [String]?
    }

    /// `GET v2/models/<name>`
    struct Model: Decodable {
        let inputs: [TensorForm]
        let outputs: [TensorForm]
    }

    struct TensorForm: Decodable {
        let name: String
        let datatype: String
        /// -1 where the size may vary.
        let shape: [Int]
    }

    /// The JSON part of `POST v2/models/<name>/infer`, when the numbers follow in binary.
    struct BinaryRequest: Encodable {
        let inputs: [Input]
        let outputs: [Output]

        struct Input: Encodable {
            let name: String
            let datatype = "FP32"
            let shape: [Int]
            let parameters: [String: Int]
        }

        struct Output: Encodable {
            let name: String
            let parameters = ["binary_data": true]
        }
    }

    /// Its answer.
    struct Response: Decodable {
        let outputs: [Tensor]
    }

    struct Tensor: Decodable {
        let name: String
        let shape: [Int]
        let datatype: String
        /// Absent when the numbers follow in binary.
        let data: Numbers?
        let parameters: Parameters?

        struct Parameters: Decodable {
            let binaryDataSize: Int?

            private enum CodingKeys: String, CodingKey {
                case binaryDataSize = "binary_data_size"
            }
        }
    }

    /// Numbers in row-major order; the protocol lets servers nest them as deep as the shape.
    struct Numbers: Decodable {
        let values: [Float]

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let flat = try? container.decode([Float].self) {  // Nested ones are read below.
                self.values = flat
            } else {
                self.values = try container.decode([Numbers].self).flatMap(\.values)
            }
        }
    }
}
