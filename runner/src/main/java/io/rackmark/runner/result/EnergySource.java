package io.rackmark.runner.result;

/** Where an energy figure comes from, and how much of the machine it sees. */
public enum EnergySource {
    /** Imported log of a meter at the plug. */
    WALL_CSV("wall-csv", Reach.NODE, EnergyGrade.A),
    /** The board controller's view of the power supplies. */
    IPMI_DCMI("ipmi-dcmi", Reach.NODE, EnergyGrade.C),
    RAPL_PACKAGE("rapl-package", Reach.PART, EnergyGrade.B),
    RAPL_DRAM("rapl-dram", Reach.PART, EnergyGrade.B),
    NVML_COUNTER("nvml-counter", Reach.PART, EnergyGrade.B),
    NVML_INTEGRATED("nvml-integrated", Reach.PART, EnergyGrade.C),
    /** AMD GPU board; a counter where the card has one, else integrated power. */
    HWMON("hwmon", Reach.PART, EnergyGrade.B),
    /** CPU utilisation times a rated power that the user gave. */
    ESTIMATED_TDP("estimated-tdp", Reach.GUESS, EnergyGrade.E);

    /** How much of the machine a source covers. */
    public enum Reach {
        /** The whole machine; no other source may be added. */
        NODE,
        /** One kind of component; sources of different kinds may be added. */
        PART,
        /** Not measured. */
        GUESS
    }

    private final String id;
    private final Reach reach;
    private final EnergyGrade best;

    EnergySource(String id, Reach reach, EnergyGrade best) {
        this.id = id;
        this.reach = reach;
        this.best = best;
    }

    /** The name that stands beside every figure. */
    public String id() {
        return id;
    }

    public Reach reach() {
        return reach;
    }

    /** The grade of a figure from this source when nothing lowers it. */
    public EnergyGrade best() {
        return best;
    }
}
