import Domain
import Logging
import MongoStore
import ServiceLifecycle

/// Adds what this process counts to the sums of all machines, every few seconds.
struct MeterService: Service {
    let meter: WorkMeter
    let ownership: WorkMetricCollection
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                // The only error is cancellation: what is left is recorded then.
                try? await Task.sleep(for: .seconds(2))
                await self.record()
            }
        }
    }

    private func record() async {
        do throws(StoreError) {
            try await self.ownership.record(self.meter)
        } catch {
            self.logger.debug("metrics wait for the database", metadata: ["error": "\(error)"])
        }
    }
}
