import CMurmur
import Dispatch
import Runtime
import Synchronization
import TestKit
import Testing
import Threads

@testable import Bridge

/// A program that trains by itself, as one in PyTorch would: its own parameters in several tensors, its own gradient
/// and optimizer, and the C interface beside them. It pulls its parameters to a target of its own.
final class Torch {
    /// How the parameters begin, the same in all peers.
    static let shapes: [(name: String, shape: [Int64])] = [("conv.weight", [2, 3]), ("scale", []), ("conv.bias", [4])]
    static let count = 11
    static let curvature: Float = 0.7
    static let rate: Float = 0.1

    let index: Int
    let parameters: [UnsafeMutableBufferPointer<Float>]
    let gradients: [UnsafeMutableBufferPointer<Float>]
    var peer: OpaquePointer?
    var command = murmur_command()
    /// Called when the optimizer is to forget what it remembers.
    private(set) var resets = 0

    static func start(_ place: Int) -> Float { Float(place % 5) * 0.25 - 0.3 }
    static func target(of peer: Int, _ place: Int) -> Float { Float(peer) - 0.5 * Float(place % 3) }

    init(_ index: Int) {
        self.index = index
        var offset = 0
        (parameters, gradients) = Self.shapes.reduce(into: ([], [])) { lists, tensor in
            let count = Int(tensor.shape.reduce(1, *))
            for place in [0, 1] {
                let block = UnsafeMutableBufferPointer<Float>.allocate(capacity: count)
                for index in 0..<count { block[index] = place == 0 ? Self.start(offset + index) : 0 }
                if place == 0 { lists.0.append(block) } else { lists.1.append(block) }
            }
            offset += count
        }
    }

    deinit {
        _ = murmur_peer_close(peer)
        for block in parameters + gradients { block.deallocate() }
    }

    /// The parameters, one tensor behind the other.
    var model: [Float] { parameters.flatMap { Array($0) } }

    // MARK: Its own training

    /// The loss at the parameters; the gradients are those there.
    func backward() -> Float {
        var (loss, place): (Float, Int) = (0, 0)
        for (values, slopes) in zip(parameters, gradients) {
            for index in values.indices {
                let distance = values[index] - Self.target(of: self.index, place)
                slopes[index] = Self.curvature * distance
                loss += Self.curvature * distance * distance / 2
                place += 1
            }
        }
        return loss
    }

    /// The optimizer's step.
    func optimize() {
        for (values, slopes) in zip(parameters, gradients) {
            for index in values.indices { values[index] -= Self.rate * slopes[index] }
        }
    }

    // MARK: The interface

    /// The settings as C has them, handed to the body.
    static func settings<Result>(
        _ algorithm: String, _ options: String? = nil, topology: String? = nil, compression: String? = nil,
        steps: UInt64, tensors: [murmur_tensor], _ body: (inout murmur_peer_settings) throws -> Result
    ) rethrows -> Result {
        var settings = murmur_peer_settings()
        settings.size = UInt32(MemoryLayout<murmur_peer_settings>.size)
        settings.steps = steps
        settings.seed = 7
        settings.samples = 40
        settings.steps_per_epoch = 4
        settings.announces_steps = 1
        settings.tensor_count = UInt64(tensors.count)
        // Never freed: they are few, and read until the call returns.
        settings.algorithm = UnsafePointer(CStrings.copy(algorithm))
        settings.algorithm_options = options.map { UnsafePointer(CStrings.copy($0)) }
        settings.topology = topology.map { UnsafePointer(CStrings.copy($0)) }
        settings.compression = compression.map { UnsafePointer(CStrings.copy($0)) }
        return try tensors.withUnsafeBufferPointer { tensors in
            settings.tensors = tensors.baseAddress
            return try body(&settings)
        }
    }

    /// The parameters as C has them.
    var tensors: [murmur_tensor] {
        zip(Self.shapes, parameters).map { tensor, block in
            murmur_tensor(
                name: UnsafePointer(CStrings.copy(tensor.name)), data: block.baseAddress,
                shape: UnsafePointer(CStrings.copy(tensor.shape)), dimensions: UInt32(tensor.shape.count))
        }
    }

    /// Opens a peer that is joined to others by that network, or alone, and waits for the first gradient to be wanted.
    func open(
        _ algorithm: String, _ options: String? = nil, topology: String? = nil, compression: String? = nil,
        steps: UInt64, over network: ThreadRanks? = nil, links: (any LinkMember)? = nil
    ) throws -> Int32 {
        peer = try Self.settings(
            algorithm, options, topology: topology, compression: compression, steps: steps, tensors: tensors
        ) { settings in
            settings.is_server = isServer ? 1 : 0
            let (read, memory) = try PeerSettings.read(settings)
            return try Bridge.open(PeerHost(read, memory, owner: cmurmur_thread())) { () throws(BridgeError) in
                network.map { .processes($0) } ?? links.map { .links($0) } ?? .alone
            }
        }
        return until(Int32(MURMUR_WAITING.rawValue))
    }

    /// The same, which must succeed.
    func begin(
        _ algorithm: String, _ options: String? = nil, topology: String? = nil, compression: String? = nil,
        steps: UInt64, over network: ThreadRanks? = nil
    ) throws {
        let status = try open(
            algorithm, options, topology: topology, compression: compression, steps: steps, over: network)
        #expect(status == Int32(MURMUR_OK.rawValue), "\(Torch.lastError)")
    }

    /// Waits as long as the peer does, and carries out what it commands.
    func until(_ first: Int32) -> Int32 {
        var status = first
        while true {
            if status == Int32(MURMUR_WAITING.rawValue) {
                status = murmur_peer_wait(peer, &command)
                continue
            }
            guard status == Int32(MURMUR_OK.rawValue) else { return status }
            if command.resets_optimizer == 1 { resets += 1 }
            switch UInt32(command.action) {
            case MURMUR_ACTION_STEP.rawValue: optimize()
            case MURMUR_ACTION_SCORE.rawValue:
                let kept = gradients.map { Array($0) }
                let loss = backward()
                for (block, values) in zip(gradients, kept) { _ = block.update(fromContentsOf: values) }
                status = murmur_peer_done(peer, -Double(loss), &command)
                continue
            default: return status
            }
            status = murmur_peer_done(peer, 0, &command)
        }
    }

    /// A step of the training loop.
    func step() -> Int32 {
        var batch = murmur_batch(loss: backward(), samples: 1, learning_rate: Self.rate, reserved: 0)
        if readsGradient {
            let places: [UnsafeMutablePointer<Float>?] = gradients.map(\.baseAddress)
            return until(murmur_peer_gradient(peer, &batch, places, &command))
        }
        _ = murmur_peer_stepping(peer)
        optimize()
        return until(murmur_peer_step(peer, &batch, &command))
    }

    var readsGradient = false
    var isServer = false

    /// Steps until the peer has finished, or an error; then the status.
    func train(most: Int = .max) -> Int32 {
        var (status, made) = (Int32(MURMUR_OK.rawValue), 0)
        while status == Int32(MURMUR_OK.rawValue), made < most {
            status = step()
            made += 1
        }
        return status
    }

    func finish() -> Int32 { until(murmur_peer_finish(peer, &command)) }

    /// The consensus model, or nil after an error.
    func consensus() -> [Float]? {
        var into = [Float](repeating: .nan, count: Self.count)
        let status = into.withUnsafeMutableBufferPointer { into in
            until(murmur_peer_consensus(peer, into.baseAddress, UInt64(into.count)))
        }
        return status == Int32(MURMUR_OK.rawValue) ? into : nil
    }

    /// The peer's state, or nil after an error.
    func save() -> [UInt8]? {
        let count = UnsafeMutablePointer<UInt64>.allocate(capacity: 1)
        defer { count.deallocate() }
        guard until(murmur_peer_save(peer, count)) == Int32(MURMUR_OK.rawValue) else { return nil }
        var state = [UInt8](repeating: 0, count: Int(count.pointee))
        return murmur_peer_take_state(peer, &state, count.pointee) == Int32(MURMUR_OK.rawValue) ? state : nil
    }

    func restore(_ state: [UInt8]) -> Int32 {
        until(murmur_peer_restore(peer, state, UInt64(state.count), &command))
    }

    static var lastError: String { String(cString: murmur_last_error()) }
}

/// Copies that live as long as the tests.
enum CStrings {
    static func copy(_ text: String) -> UnsafeMutablePointer<CChar> {
        let bytes = Array(text.utf8CString)
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        copy.initialize(from: bytes, count: bytes.count)
        return copy
    }

    static func copy(_ shape: [Int64]) -> UnsafeMutablePointer<Int64> {
        let copy = UnsafeMutablePointer<Int64>.allocate(capacity: max(1, shape.count))
        copy.initialize(from: shape, count: shape.count)
        return copy
    }
}

/// Several of them, each on a thread of its own, as processes would be.
enum Torches {
    /// What each came to, by its number.
    static func run<Value: Sendable>(
        _ count: Int, isCrowded: Bool = false, _ body: @escaping @Sendable (Torch, ThreadRanks) throws -> Value
    ) throws -> [Value] {
        let ranks = ThreadRanks.make(count, isCrowded: isCrowded)
        let results = Mutex<[Int: Result<Value, any Error>]>([:])
        let group = DispatchGroup()
        for index in 0..<count {
            group.enter()
            try SystemThread.start("torch-\(index)") {
                let result = Result { try body(Torch(index), ranks[index]) }
                results.withLock { $0[index] = result }
                group.leave()
            }
        }
        group.wait()
        return try results.withLock { results in try (0..<count).compactMap { try results[$0]?.get() } }
    }
}
