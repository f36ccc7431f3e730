@echo off
chcp 936 >nul
setlocal
pushd "%~dp0"
title 积分分析
if not exist env\Scripts\python.exe goto notinstalled
set JIFEN="%~dp0env\Scripts\python.exe" -m jifen_analysis.cli
set "SCHEME=community_60_40"
set "DATA=%~1"
if not exist 结果 md 结果

:menu
echo.
echo   方案:%SCHEME%
echo   数据:"%DATA%"
echo.
echo   1 空白表:发给支部填写        6 笔记本(在浏览器中打开)
echo   2 查验报来的表               7 换一个数据文件夹
echo   3 计分,写出结果工作簿       8 换一个方案
echo   4 年度总结                   9 先看样例
echo   5 公示表                     0 命令行
echo.
set "KEY="
set /p "KEY=请输入数字,按回车(直接回车退出):"
if not defined KEY goto end
for %%K in (0 1 2 3 4 5 6 7 8 9) do if "%KEY%"=="%%K" goto do%%K
goto menu

:do1
%JIFEN% template 结果\空白表.xlsx --scheme "%SCHEME%"
goto menu

:do2
call :ask
%JIFEN% check "%DATA%" --returned 结果\退回件
goto menu

:do3
call :ask
%JIFEN% assess "%DATA%" --scheme "%SCHEME%" --out 结果\考核结果.xlsx
goto menu

:do4
call :ask
%JIFEN% report "%DATA%" --scheme "%SCHEME%" --out 结果\年度总结.html
if not errorlevel 1 start "" 结果\年度总结.html
goto menu

:do5
call :ask
%JIFEN% notice "%DATA%" --scheme "%SCHEME%" --out 结果\公示表.xlsx
goto menu

:do6
call :ask
echo 浏览器会自己打开;用完在本窗口按 Ctrl+C。
%JIFEN% lab "%DATA%"
goto menu

:do7
set "DATA="
call :ask
goto menu

:do8
%JIFEN% schemes
set /p "SCHEME=方案名,或把方案文件拖到这里,按回车:"
set "SCHEME=%SCHEME:"=%"
goto menu

:do9
%JIFEN% demo --out 结果\样例
goto menu

:do0
echo 可以输入 jifen --help;输入 exit 返回。
doskey jifen=%JIFEN% $*
cmd /k
goto menu

:ask
if defined DATA exit /b
set "DATA=数据"
set /p "DATA=把装着各支部表格的文件夹拖到这里,按回车(直接回车用本文件夹里的“数据”):"
set "DATA=%DATA:"=%"
exit /b

:notinstalled
echo 还没有安装:请先双击“安装.bat”。
pause

:end
popd
