import Runtime

extension TLSTransport {
    func examine(environment: [String: String], clock: LinkClock) -> [LinkFinding] {
        let (stores, now) = (IdentityStore.present(environment), clock.unixSeconds())
        let isAtWork = stores.contains(where: IdentityLock.isHeld)
        let machine = OpenSettings.usualListen.map { MachineExamination(listen: $0, isAtWork: isAtWork).findings } ?? []
        let kept = MachineExamination.clock(isKept: MachineExamination.isClockKept, now: now)
        return machine + [kept] + stores.flatMap { StoreExamination(store: $0, now: now).findings }
    }
}
