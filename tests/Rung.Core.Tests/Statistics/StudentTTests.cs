using Rung.Core.Statistics;

namespace Rung.Core.Tests.Statistics;

public class StudentTTests
{
    [Theory]
    [InlineData(0.95, 1, 12.7062)]
    [InlineData(0.95, 10, 2.22814)]
    [InlineData(0.99, 30, 2.75000)]
    [InlineData(0.95, 1e9, 1.95998)]
    public void Students_quantiles_are_those_of_the_tables(double confidence, double degrees, double expected) =>
        Assert.Equal(expected, StudentT.TwoSided(confidence, degrees), 3);
}
