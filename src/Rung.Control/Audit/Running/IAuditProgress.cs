using Rung.Control.Imports;

namespace Rung.Control.Audit.Running;

/// <summary>Who is told how far an audit is: a terminal, or a page. Called from the threads that read.</summary>
public interface IAuditProgress
{
    /// <summary>So much has been read. About once a megabyte.</summary>
    void Report(ImportProgress progress);

    /// <summary>What goes on after the reading.</summary>
    /// <param name="what">In words, without a full stop.</param>
    void Say(string what);
}
