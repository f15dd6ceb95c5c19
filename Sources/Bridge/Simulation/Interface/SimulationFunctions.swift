// Names of functions are those of the C interface.
// swift-format-ignore-file: AlwaysUseLowerCamelCase

public import CMurmur
import Configuration
import Vectors

// The functions of murmur_simulation.h, where they are documented.

/// Opens a simulation: checks the settings, and puts its handle there.
@c @implementation
public func murmur_simulation_open(
    _ settings: UnsafePointer<murmur_simulation_settings>?, _ learning: UnsafePointer<murmur_learning>?,
    _ simulation: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
    OutsideCall.answer {
        guard let simulation else { throw BridgeError(.invalid, "there is no place for the handle; hand one in") }
        let settings = try OutsideCall.required(settings, "settings", \.size)
        let callbacks = LearningCallbacks(try OutsideCall.required(learning, "learning", \.size))
        let plan = try SimulationPlan(SimulationPlan.Request(settings))
        simulation.pointee = SimulationTable.insert(
            try CalledSimulation(plan, callbacks, keepsOwnStart: settings.keeps_own_start != 0))
        return Int32(MURMUR_OK.rawValue)
    }
}

/// Adds the next learner, with its tensors.
@c @implementation
public func murmur_simulation_add(
    _ simulation: OpaquePointer?, _ tensors: UnsafePointer<murmur_tensor>?, _ count: UInt64
) -> Int32 {
    OutsideCall.answer {
        let given = UnsafeBufferPointer(lent: tensors, count: count)
        try SimulationTable.simulation(simulation).add(try SimulatedTensors(given))
        return Int32(MURMUR_OK.rawValue)
    }
}

/// Handles up to so many events; 0 for all.
@c @implementation
public func murmur_simulation_run(_ simulation: OpaquePointer?, _ events: UInt64) -> Int32 {
    OutsideCall.answer {
        let simulation = try SimulationTable.simulation(simulation)
        simulation.forgetTensors()
        let isOver = try simulation.run(events: events == 0 ? .max : Int(clamping: events))
        if let failure = simulation.callbacks.failure { throw BridgeError(.callback, failure) }
        return Int32((isOver ? MURMUR_FINISHED : MURMUR_WAITING).rawValue)
    }
}

/// Puts there where the simulation stands.
@c @implementation
public func murmur_simulation_progress_now(
    _ simulation: OpaquePointer?, _ progress: UnsafeMutablePointer<murmur_simulation_progress>?
) -> Int32 {
    OutsideCall.answer {
        let simulation = try SimulationTable.simulation(simulation)
        guard let progress else { throw BridgeError(.invalid, "there is no place for the progress; hand one in") }
        progress.pointee.is_over = simulation.ending == nil ? 0 : 1
        progress.pointee.steps = simulation.stepsOfLearners
        progress.pointee.steps_total = simulation.plan.steps * UInt64(simulation.plan.peers)
        progress.pointee.virtual_seconds = simulation.virtualSeconds
        progress.pointee.loss = simulation.takeLoss() ?? .nan
        return Int32(MURMUR_OK.rawValue)
    }
}

/// Hands out all that the simulation has come to, as JSON.
@c @implementation
public func murmur_simulation_report(
    _ simulation: OpaquePointer?, _ text: UnsafeMutablePointer<CChar>?, _ room: UInt64,
    _ length: UnsafeMutablePointer<UInt64>?
) -> Int32 {
    OutsideCall.answer {
        OutsideCall.put(try SimulationTable.simulation(simulation).report().text, text, room: room, length)
        return Int32(MURMUR_OK.rawValue)
    }
}

/// Hands out the model of a peer that is tested and saved.
@c @implementation
public func murmur_simulation_model(
    _ simulation: OpaquePointer?, _ peer: UInt32, _ into: UnsafeMutablePointer<Float>?, _ count: UInt64
) -> Int32 {
    OutsideCall.answer {
        guard let model = try SimulationTable.simulation(simulation).model(of: Int(peer)) else {
            throw BridgeError(.invalid, "there is no peer \(peer) in this simulation")
        }
        try put(model, into, count)
        return Int32(MURMUR_OK.rawValue)
    }
}

/// Hands out the average of the models of all learners that live, or a server's.
@c @implementation
public func murmur_simulation_consensus(
    _ simulation: OpaquePointer?, _ into: UnsafeMutablePointer<Float>?, _ count: UInt64
) -> Int32 {
    OutsideCall.answer {
        guard let model = try SimulationTable.simulation(simulation).consensus() else {
            throw BridgeError(.outOfTurn, "the simulation has not begun, or no learner lives; run it first")
        }
        try put(model, into, count)
        return Int32(MURMUR_OK.rawValue)
    }
}

/// Puts each learner's model into its tensors.
@c @implementation
public func murmur_simulation_put_models(_ simulation: OpaquePointer?) -> Int32 {
    OutsideCall.answer {
        try SimulationTable.simulation(simulation).putModels()
        return Int32(MURMUR_OK.rawValue)
    }
}

/// Closes a simulation, if it is open.
@c @implementation
public func murmur_simulation_close(_ simulation: OpaquePointer?) -> Int32 {
    OutsideCall.answer {
        try SimulationTable.remove(simulation)
        return Int32(MURMUR_OK.rawValue)
    }
}

private func put(_ model: Payload, _ into: UnsafeMutablePointer<Float>?, _ count: UInt64) throws(BridgeError) {
    guard let into, Int(clamping: count) == model.count else {
        throw BridgeError(.invalid, "a model has \(model.count) numbers, and there is room for \(count)")
    }
    model.read { source in for index in source.indices { into[index] = source[index] } }
}

extension SimulationPlan.Request {
    fileprivate init(_ settings: murmur_simulation_settings) {
        self.init(
            peers: Int(settings.peers), steps: settings.steps, samples: Int(clamping: settings.samples),
            stepsPerEpoch: Int(clamping: settings.steps_per_epoch), seed: settings.seed,
            algorithm: OutsideCall.text(settings.algorithm) ?? "dpsgd",
            algorithmOptions: OutsideCall.text(settings.algorithm_options),
            topology: OutsideCall.text(settings.topology),
            topologyOptions: OutsideCall.text(settings.topology_options),
            compression: OutsideCall.text(settings.compression),
            compressionOptions: OutsideCall.text(settings.compression_options),
            keepsOwnStart: settings.keeps_own_start != 0,
            network: OutsideCall.text(settings.network), faults: OutsideCall.text(settings.faults),
            stragglers: OutsideCall.text(settings.stragglers),
            optimizerHasMomentum: settings.optimizer_has_momentum != 0)
    }
}
