package import Domain
package import MongoDriver

/// `ContentMetrics`: one document with the sums of all that the processes of all machines have counted.
///
/// Sums only grow, and outlive the processes and jobs that they come from.
package struct WorkMetricCollection: Sendable {
    private let collection: MongoCollection

    private static let filter: BSONDocument = ["_id": "work"]

    init(_ database: MongoDatabase) { self.collection = database.collection(CollectionName.metrics) }

    /// Adds what `meter` holds, in one atomic update. What cannot be recorded stays in the meter.
    package func record(_ meter: WorkMeter) async throws(StoreError) {
        let sums = meter.take()
        guard !sums.isEmpty else { return }
        do {
            let increments: Update = ["$inc": .document(Self.fields(sums))]
            try await self.collection.updateOne(Self.filter, increments, upsert: true)
        } catch {
            meter.putBack(sums)
            throw error
        }
    }

    package func sums() async throws(StoreError) -> WorkSums {
        var sums = WorkSums()
        let document = try await self.collection.findOne(Query(Self.filter))
        for metric in WorkMetric.allCases {
            for part in document?[metric.rawValue]?.documentValue?.elements ?? [] {
                sums.add(part.value.doubleValue ?? 0, to: metric, part.key)
            }
        }
        return sums
    }

    private static func fields(_ sums: WorkSums) -> BSONDocument {
        let fields = WorkMetric.allCases.flatMap { metric in
            sums[metric].sorted { $0.key < $1.key }.map { ("\(metric.rawValue).\($0.key)", BSONValue.double($0.value)) }
        }
        return BSONDocument(uniqueKeysWithValues: fields)
    }
}
